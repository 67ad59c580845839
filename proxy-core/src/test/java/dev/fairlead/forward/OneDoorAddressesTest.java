package dev.fairlead.forward;

import static dev.fairlead.forward.NodeAndPod.NODE;
import static dev.fairlead.forward.NodeAndPod.VIP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.fairlead.listen.AnyIpVip;
import dev.fairlead.listen.Inheritance;
import dev.fairlead.listen.PortMapVip;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.SteeredAddresses;
import dev.fairlead.listen.VipBinder;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.linux.bpf.Steering;
import dev.fairlead.transport.linux.bpf.SteeringFailure;
import dev.fairlead.transport.uring.UringDataPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whose the addresses are behind the one door, and for how long. A process of the node listens everywhere at port 22.
 */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "BPF is Linux only")
final class OneDoorAddressesTest {
    /** In no block: an external IP. */
    private static final String EXTERNAL = "203.0.113.10";

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final NodeAndPod network = NodeAndPod.build();

    @BeforeEach
    void listenEverywhere() throws Exception {
        ServerSocket everywhere = new ServerSocket();
        toClose.push(everywhere);
        everywhere.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 22), 64);
        Calls.answer(everywhere, 'H');
    }

    @AfterEach
    void close() throws Exception {
        try {
            for (AutoCloseable closeable : toClose) {
                closeable.close();
            }
        } finally {
            network.close();
        }
    }

    private SteeredAddresses addresses(String... blocks) {
        try {
            Steering steering = Steering.begin();
            toClose.push(steering);
            return new SteeredAddresses(steering,
                    Stream.of(blocks).map(block -> Cidr.parse(block).orElseThrow()).toList());
        } catch (SteeringFailure why) {
            return abort(String.valueOf(why.getMessage()));
        }
    }

    private Rig rig(DataPath path, VipBinder vips, SteeredAddresses addresses) {
        Rig rig = new Rig(path, new SessionRoom(Long.MAX_VALUE, 0), Inheritance.none(), vips,
                Optional.of(addresses.steering()));
        toClose.push(rig::finish);
        return rig;
    }

    static Stream<Named<Supplier<DataPath>>> paths() {
        return Stream.of(Named.of("epoll", () -> new EpollDataPath(2)), Named.of("uring", () -> new UringDataPath(2)),
                Named.of("channel", () -> new ChannelDataPath(ChannelKind.EPOLL, 2)));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void an_address_stays_until_the_last_connection_that_came_through_it_has_ended(Supplier<DataPath> path)
            throws Exception {
        SteeredAddresses addresses = addresses();
        addresses.alone();
        AnyIpVip vips = AnyIpVip.open(new AnyIpVip.Wishes(List.of(), List.of(), false), addresses);
        toClose.push(vips);
        Rig rig = rig(path.get(), vips, addresses);
        ServerSocket endpoint = rig.endpoint();
        TransportAddress frontend = TransportAddress.tcp(IpPort.of(EXTERNAL + ":80"));
        rig.serveAt(frontend.address(), Rig.address(endpoint));
        Calls.assertRefused(EXTERNAL + ":22");
        Socket client = rig.dial(frontend.address());
        Socket served = rig.accept(endpoint);
        rig.dial(frontend.address()).close(); // another one does not take the address away
        rig.accept(endpoint).close();
        rig.nextEnd();

        rig.listeners.close(frontend);
        Calls.assertRefused(EXTERNAL + ":80");
        Calls.assertRefused(EXTERNAL + ":22");
        served.getOutputStream().write(4);
        assertThat(client.getInputStream().read()).isEqualTo(4);
        assertThat(hasRoute()).isTrue();

        client.close();
        served.close();
        await().until(() -> !hasRoute());
    }

    private static boolean hasRoute() throws IOException {
        return Files.readString(Path.of("/proc/thread-self/net/fib_trie")).contains(EXTERNAL);
    }

    @Test
    void nothing_is_ours_while_another_process_serves_and_what_the_machine_has_never_is() throws Exception {
        SteeredAddresses addresses = addresses("10.96.0.0/12", "192.168.0.0/24");
        addresses.refuseAt(InetAddress.getByName("10.200.0.1"));
        network.run("ip route add local 10.200.0.1 dev lo");
        assertThat(Calls.heard(VIP + ":22")).isEqualTo('H');
        assertThat(Calls.heard("10.200.0.1:22")).isEqualTo('H');

        addresses.alone();
        Calls.assertRefused(VIP + ":22");
        Calls.assertRefused("10.200.0.1:22");
        assertThat(Calls.heard(NODE + ":22")).isEqualTo('H');

        network.run("ip address add 10.96.77.7/32 dev lo");
        addresses.look();
        assertThat(Calls.heard("10.96.77.7:22")).isEqualTo('H');
        network.run("ip address delete 10.96.77.7/32 dev lo");
        addresses.look();
        Calls.assertRefused(VIP + ":22");

        addresses.leave(InetAddress.getByName("10.200.0.1"));
        assertThat(Calls.heard("10.200.0.1:22")).isEqualTo('H');
    }

    @Test
    void what_is_served_elsewhere_has_a_socket_of_its_own_there() throws Exception {
        SteeredAddresses addresses = addresses("10.96.0.0/12");
        addresses.alone();
        Rig rig = rig(new EpollDataPath(1), new PortMapVip(), addresses);
        ServerSocket endpoint = rig.endpoint();
        Calls.answer(endpoint, 'E');
        rig.serveAt(IpPort.of(VIP + ":8080"), Rig.address(endpoint));
        assertThat(Calls.heard("127.0.0.1:8080")).isEqualTo('E');
        Calls.assertRefused(VIP + ":8080");
    }
}
