package dev.fairlead.forward;

import static dev.fairlead.forward.NodeAndPod.NODE;
import static dev.fairlead.forward.NodeAndPod.NODE_6;
import static dev.fairlead.forward.NodeAndPod.PODS;
import static dev.fairlead.forward.NodeAndPod.SERVICE_BLOCKS;
import static dev.fairlead.forward.NodeAndPod.VIP;
import static dev.fairlead.forward.NodeAndPod.VIPS;
import static dev.fairlead.forward.NodeAndPod.VIP_6;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fairlead.listen.SessionRoom;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.linux.bpf.Steering;
import dev.fairlead.transport.linux.bpf.SteeringFailure;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All frontends behind one door, in a network namespace that stands for a node, with another for a pod beside it. The
 * test's own thread is inside the node.
 */
@Timeout(60)
abstract class OneDoorContract {
    private static final int MOST_CONNECTIONS = 20_000;

    private static Optional<NodeAndPod> network = Optional.empty();

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private Steering steering = steering();
    private Rig rig = new Rig(newPath(2), new SessionRoom(Long.MAX_VALUE, 0), steering);

    abstract DataPath newPath(int loops);

    @BeforeAll
    static void build() {
        network = Optional.of(NodeAndPod.build());
    }

    @AfterAll
    static void remove() {
        network.ifPresent(NodeAndPod::close);
    }

    private static NodeAndPod network() {
        return network.orElseThrow();
    }

    private static Steering steering() {
        try {
            return Steering.begin();
        } catch (SteeringFailure why) {
            return abort(String.valueOf(why.getMessage()));
        }
    }

    @BeforeEach
    void own() throws SteeringFailure {
        for (String block : SERVICE_BLOCKS) {
            steering.own(Cidr.parse(block).orElseThrow());
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : toClose) {
            closeable.close();
        }
        try {
            rig.finish();
        } finally {
            steering.close();
        }
    }

    /** Frontends of one endpoint, which says E. */
    private ServerSocket serve(String... frontends) throws Exception {
        ServerSocket endpoint = rig.endpoint();
        Calls.answer(endpoint, 'E');
        for (String frontend : frontends) {
            rig.serveAt(IpPort.of(frontend), Rig.address(endpoint));
        }
        return endpoint;
    }

    /** A process of the host that holds a port at every address; it says H. */
    private void host(String address, int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 64);
        toClose.add(socket);
        Calls.answer(socket, 'H');
    }

    private static int listeningSockets() throws IOException {
        int count = 0;
        for (String table : List.of("tcp", "tcp6")) {
            count += (int) Files.readAllLines(Path.of("/proc/thread-self/net", table)).stream()
                    .filter(line -> line.strip().split("\\s+")[3].equals("0A")).count();
        }
        return count;
    }

    @Test
    void each_frontend_is_reached_from_the_node_and_from_a_pod_in_both_families() throws Exception {
        serve(VIP + ":80", VIP_6 + ":80", VIP + ":443", "10.100.1.1:80");
        for (String frontend : List.of(VIP + ":80", VIP_6 + ":80", VIP + ":443", "10.100.1.1:80")) {
            assertThat(Calls.heard(frontend)).as(frontend).isEqualTo('E');
            assertThat(rig.nextEnd().frontend()).isEqualTo(TransportAddress.tcp(IpPort.of(frontend)));
            assertThat(network().inPod(() -> Calls.heard(frontend))).as(frontend).isEqualTo('E');
            SessionSummary fromPod = rig.nextEnd();
            assertThat(fromPod.frontend()).isEqualTo(TransportAddress.tcp(IpPort.of(frontend)));
            assertThat(IpText.format(fromPod.client().ip())).isIn(PODS);
        }
    }

    @Test
    void a_frontend_that_is_closed_is_refused_and_its_connections_live_on() throws Exception {
        ServerSocket endpoint = rig.endpoint();
        IpPort frontend = IpPort.of(VIP + ":80");
        rig.serveAt(frontend, Rig.address(endpoint));
        Socket client = rig.dial(frontend);
        Socket served = rig.accept(endpoint);
        rig.listeners.close(TransportAddress.tcp(frontend));
        network().inBoth(() -> Calls.assertRefused(VIP + ":80"));
        served.getOutputStream().write(4);
        assertThat(client.getInputStream().read()).isEqualTo(4);
        rig.listeners.open(TransportAddress.tcp(frontend), SourceFilter.EVERYBODY);
        rig.dial(frontend);
        rig.accept(endpoint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void a_host_process_that_holds_the_port_at_every_address_keeps_it_everywhere_else(String wildcard)
            throws Exception {
        host(wildcard, 80);
        serve(VIP + ":80", VIP_6 + ":80");
        assertEachHasItsOwn(wildcard);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void a_host_process_can_start_at_every_address_after_the_frontend(String wildcard) throws Exception {
        serve(VIP + ":80", VIP_6 + ":80");
        assertThat(Calls.heard(VIP + ":80")).isEqualTo('E');
        host(wildcard, 80);
        assertEachHasItsOwn(wildcard);
    }

    private static void assertEachHasItsOwn(String wildcard) throws Exception {
        network().inBoth(() -> {
            assertThat(Calls.heard(VIP + ":80")).isEqualTo('E');
            assertThat(Calls.heard(VIP_6 + ":80")).isEqualTo('E');
            assertThat(Calls.heard(NODE + ":80")).isEqualTo('H');
            if (wildcard.equals("::")) {
                assertThat(Calls.heard(NODE_6 + ":80")).isEqualTo('H');
            }
        });
    }

    @Test
    void other_ports_of_our_addresses_are_refused_though_a_host_process_listens_everywhere() throws Exception {
        serve(VIP + ":80", VIP_6 + ":80");
        host("::", 22);
        try (DatagramSocket dns = new DatagramSocket(53)) {
            assertThat(dns.isBound()).isTrue();
            network().inBoth(() -> {
                for (String vip : VIPS) {
                    Calls.assertRefused(vip + ":22");
                    assertThatThrownBy(() -> Calls.ask(vip + ":53")).as("%s", vip)
                            .isInstanceOf(PortUnreachableException.class);
                }
                Calls.assertRefused("10.96.99.99:22");
                assertThat(Calls.heard(NODE + ":22")).isEqualTo('H');
            });
        }
    }

    @Test
    void addresses_that_are_given_back_are_the_kernels_again() throws Exception {
        host("0.0.0.0", 22);
        Calls.assertRefused("10.96.0.1:22");
        steering.disown(Cidr.parse(SERVICE_BLOCKS.getFirst()).orElseThrow());
        assertThat(Calls.heard("10.96.0.1:22")).isEqualTo('H');
    }

    @Test
    void a_node_port_is_ours_at_the_addresses_that_were_named_and_the_hosts_elsewhere() throws Exception {
        host("0.0.0.0", 30080);
        serve(NODE + ":30080");
        assertThat(network().inPod(() -> Calls.heard(NODE + ":30080"))).isEqualTo('E');
        assertThat(Calls.heard("127.0.0.1:30080")).isEqualTo('H');
        rig.listeners.close(TransportAddress.tcp(IpPort.of(NODE + ":30080")));
        assertThat(network().inPod(() -> Calls.heard(NODE + ":30080"))).isEqualTo('H');
    }

    @Test
    void datagrams_go_to_the_socket_of_their_frontend() throws Exception {
        try (UdpSocket endpoint = new UdpSocket()) {
            IpPort frontend = rig.serveDatagramsAt(IpPort.of(VIP + ":53"), endpoint.address());
            Thread.ofPlatform().daemon().start(() -> echo(endpoint));
            network().inBoth(() -> Calls.ask(frontend.toString()));
            rig.listeners.close(TransportAddress.udp(frontend));
            assertThatThrownBy(() -> Calls.ask(frontend.toString())).isInstanceOf(PortUnreachableException.class);
        }
    }

    private static void echo(UdpSocket endpoint) {
        try {
            while (true) {
                endpoint.answer("answer");
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    @Test
    void a_thousand_frontends_share_their_listening_sockets_which_let_nobody_in_by_themselves() throws Exception {
        ServerSocket endpoint = serve(VIP + ":80", VIP_6 + ":80");
        int before = listeningSockets();
        for (int i = 0; i < 1000; i++) {
            rig.listeners.open(TransportAddress.tcp(IpPort.of("10.97." + i / 250 + "." + i % 250 + ":80")),
                    SourceFilter.EVERYBODY);
        }
        assertThat(rig.listeners.count()).isEqualTo(1002);
        assertThat(listeningSockets()).isEqualTo(before).isEqualTo(5); // two loops, two families, the endpoint
        for (int port : loopbackPorts()) {
            if (port != endpoint.getLocalPort()) {
                Calls.assertRefused("127.0.0.1:" + port);
            }
        }
    }

    private static List<Integer> loopbackPorts() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/net/tcp")).stream()
                .map(line -> line.strip().split("\\s+")).filter(fields -> fields[3].equals("0A"))
                .map(fields -> Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16)).toList();
    }

    @Test
    void clients_wait_while_descriptors_are_short_and_are_served_later() throws Exception {
        rig.finish();
        rig = new Rig(newPath(2), new SessionRoom(41, 0), steering); // room for 3 sessions
        ServerSocket endpoint = rig.endpoint();
        IpPort frontend = IpPort.of(VIP + ":80");
        rig.serveAt(frontend, Rig.address(endpoint));
        Deque<Socket> clients = new ArrayDeque<>();
        for (int i = 0; i < 12; i++) {
            clients.add(rig.dial(frontend)); // the kernel's queue takes those that wait
        }
        await().until(rig.listeners.pause()::paused);
        for (int i = 0; i < 12; i++) {
            Socket served = rig.accept(endpoint);
            // One may be in the middle of its end, and one have come to the other socket at the same time.
            assertThat(rig.sessions.live()).isLessThanOrEqualTo(5);
            served.getOutputStream().write(8);
            served.close();
            await().until(() -> clients.stream().anyMatch(OneDoorContract::answered));
            Socket client = clients.stream().filter(OneDoorContract::answered).findFirst().orElseThrow();
            clients.remove(client);
            client.close();
        }
        assertThat(rig.listeners.pause().pauses()).isPositive();
    }

    private static boolean answered(Socket client) {
        try {
            return client.getInputStream().available() > 0;
        } catch (IOException reset) {
            throw new AssertionError("a client that waited was not served", reset);
        }
    }

    @Test
    void listening_sockets_are_replaced_under_load_and_no_connection_fails() throws Exception {
        serve(VIP + ":80", VIP_6 + ":80");
        AtomicIntegerArray done = new AtomicIntegerArray(4);
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger over = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < done.length(); i++) {
            int number = i;
            String frontend = VIPS.get(number % 2) + ":80";
            clients.add(Thread.ofPlatform().start(() -> {
                while (over.get() == 0 && done.get(number) < MOST_CONNECTIONS) {
                    try {
                        char letter = Calls.heard(frontend);
                        if (letter != 'E') {
                            failures.add(frontend + " said " + letter);
                        }
                    } catch (IOException failed) {
                        failures.add(frontend + ": " + failed);
                    }
                    done.incrementAndGet(number);
                }
            }));
        }
        Acceptor acceptor = new Directly();
        List<Door> sitting = List.of();
        for (int swap = 0; swap < 50; swap++) {
            List<Door> fresh = new ArrayList<>();
            for (int seat = 0; seat < 4; seat++) {
                Door door = rig.path.open(IpPort.of(seat < 2 ? "127.0.0.1:0" : "[::1]:0"), acceptor);
                steering.seat(seat, door.descriptor().orElseThrow());
                fresh.add(door);
            }
            // Whoever was on the way to an old socket has been served when each client has come back twice.
            for (int i = 0; i < done.length(); i++) {
                int number = i;
                int then = done.get(number);
                await("client " + number + " came twice more").pollInterval(Duration.ofMillis(1))
                        .until(() -> done.get(number) >= then + 2 || !clients.get(number).isAlive());
            }
            sitting.forEach(Door::close);
            sitting = fresh;
        }
        over.set(1);
        for (Thread client : clients) {
            client.join();
        }
        sitting.forEach(Door::close);
        assertThat(failures).isEmpty();
        for (int i = 0; i < done.length(); i++) {
            assertThat(done.get(i)).as("connections of client %s", i).isBetween(100, MOST_CONNECTIONS - 1);
        }
    }

    /** As the doors' own acceptor. */
    private final class Directly implements Acceptor {
        @Override
        public void arriving() {
            // Nobody counts.
        }

        @Override
        public void gone() {
            // Nobody counts.
        }

        @Override
        public void accepted(Connection downstream) {
            rig.sessions.begin(downstream, TransportAddress.tcp(downstream.local()));
        }

        @Override
        public void starved(String why) {
            throw new AssertionError(why);
        }
    }

    @Test
    void when_steering_ends_the_kernel_decides_alone() throws Exception {
        host("0.0.0.0", 80);
        serve(VIP + ":80");
        assertThat(Calls.heard(VIP + ":80")).isEqualTo('E');
        steering.close();
        assertThat(Calls.heard(VIP + ":80")).isEqualTo('H');
    }
}
