package dev.fairlead.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ProxyProtocol;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.DataPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes before the bytes that are relayed, in both directions, on every data path. */
@Timeout(60)
abstract class PrefaceContract {
    private static final IpPort FAR = IpPort.of("203.0.113.9:40000");
    private static final IpPort VIP = IpPort.of("10.96.0.10:80");
    private static final String V1 = "PROXY TCP4 203.0.113.9 10.96.0.10 40000 80\r\n";

    final Rig rig = new Rig(newPath(1));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ServerSocket endpoint;

    PrefaceContract() throws IOException {
        endpoint = rig.endpoint();
    }

    abstract DataPath newPath(int loops);

    @BeforeEach
    void nothingHasEnded() {
        assertThat(rig.ended).isEmpty();
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdownNow();
        rig.finish();
    }

    private static UnaryOperator<ServicePolicy> announcing(ProxyProtocol version) {
        return p -> p.withClientAddress(p.clientAddress().withAnnounced(version));
    }

    private static ServicePolicy trusting(ServicePolicy policy, String block) {
        return policy.withClientAddress(
                policy.clientAddress().withTrusted(List.of(Cidr.parse(block).orElseThrow())));
    }

    private IpPort serveTrusting() throws Exception {
        return rig.serve(p -> trusting(p, "127.0.0.0/8"), Rig.address(endpoint));
    }

    // ---- toward endpoints ----

    @Test
    void an_endpoint_is_told_the_client_before_the_client_says_anything() throws Exception {
        IpPort frontend = rig.serve(announcing(ProxyProtocol.V1), Rig.address(endpoint));
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);

        String expected = "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.getLocalPort() + " " + frontend.port() + "\r\n";
        assertThat(pod.getInputStream().readNBytes(expected.length())).asString(US_ASCII).isEqualTo(expected);
        pod.getOutputStream().write("220 ready".getBytes(US_ASCII));
        assertThat(client.getInputStream().readNBytes(9)).asString(US_ASCII).isEqualTo("220 ready");
        client.getOutputStream().write("quit".getBytes(US_ASCII));
        assertThat(pod.getInputStream().readNBytes(4)).asString(US_ASCII).isEqualTo("quit");
        client.close();
        pod.close();
        SessionSummary end = rig.nextEnd();
        assertThat(end.termination().cause()).isEqualTo(Cause.FIN);
        assertThat(end.bytesUp()).isEqualTo(4);
        assertThat(end.bytesDown()).isEqualTo(9);
    }

    @Test
    void a_header_of_version_2_names_the_service() throws Exception {
        IpPort frontend = rig.serve(announcing(ProxyProtocol.V2), Rig.address(endpoint));
        Socket client = rig.dial(frontend);
        client.getOutputStream().write(7);
        client.shutdownOutput();
        byte[] all = rig.accept(endpoint).getInputStream().readAllBytes();

        int length = 16 + 12 + 3 + Rig.WEB.toString().length();
        assertThat(ProxyHeaderReader.read(all)).isEqualTo(new ProxyHeader.Proxied(
                new IpPort(client.getLocalAddress(), client.getLocalPort()), frontend, length));
        assertThat(all).hasSize(length + 1).endsWith(7);
        assertThat(all[28]).isEqualTo((byte) 0xe0);
        assertThat(new String(all, 31, length - 31, UTF_8)).isEqualTo("default/web:http");
    }

    @Test
    void a_client_that_has_left_by_then_is_announced_and_loses_nothing() throws Exception {
        IpPort frontend = rig.serve(announcing(ProxyProtocol.V1), Rig.address(endpoint));
        Socket client = rig.dial(frontend);
        int port = client.getLocalPort();
        client.getOutputStream().write(new byte[5000]);
        client.close();
        byte[] all = rig.accept(endpoint).getInputStream().readAllBytes();
        assertThat(new String(all, US_ASCII)).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 " + port + " ");
        assertThat(all).hasSize(5000 + new String(all, US_ASCII).indexOf('\n') + 1);
    }

    @Test
    void the_next_endpoint_is_told_as_well_where_the_first_refuses() throws Exception {
        IpPort frontend = rig.serve(announcing(ProxyProtocol.V1), rig.refusing(), Rig.address(endpoint));
        rig.dial(frontend);
        assertThat(rig.accept(endpoint).getInputStream().readNBytes(6)).asString(US_ASCII).isEqualTo("PROXY ");
    }

    @Test
    void much_follows_a_header_unchanged() throws Exception {
        long seed = System.nanoTime();
        System.out.println("much_follows_a_header_unchanged: seed " + seed);
        byte[] much = new byte[3_000_000];
        new Random(seed).nextBytes(much);
        IpPort frontend = rig.serve(announcing(ProxyProtocol.V2), Rig.address(endpoint));
        Socket client = rig.dial(frontend);
        Socket pod = rig.accept(endpoint);
        Future<byte[]> received = threads.submit(() -> pod.getInputStream().readAllBytes());
        client.getOutputStream().write(much);
        client.shutdownOutput();
        byte[] all = received.get(20, TimeUnit.SECONDS);
        assertThat(ProxyHeaderReader.read(all)).isInstanceOfSatisfying(ProxyHeader.Proxied.class,
                header -> assertThat(Arrays.equals(all, header.length(), all.length, much, 0, much.length))
                        .as("seed %s", seed).isTrue());
    }

    // ---- from load balancers ----

    @Test
    void a_load_balancer_says_who_its_client_is_and_the_endpoint_gets_what_follows() throws Exception {
        Socket balancer = rig.dial(serveTrusting());
        balancer.getOutputStream().write((V1 + "hello").getBytes(US_ASCII));
        Socket pod = rig.accept(endpoint);
        assertThat(pod.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
        pod.getOutputStream().write(2);
        assertThat(balancer.getInputStream().read()).isEqualTo(2);
        balancer.close();
        pod.close();
        SessionSummary end = rig.nextEnd();
        assertThat(end.client()).isEqualTo(FAR);
        assertThat(end.bytesUp()).isEqualTo(5);
        assertThat(end.termination().cause()).isEqualTo(Cause.FIN);
    }

    @Test
    void nothing_need_follow_the_header() throws Exception {
        Socket balancer = rig.dial(serveTrusting());
        balancer.getOutputStream().write(V1.getBytes(US_ASCII));
        Socket pod = rig.accept(endpoint);
        pod.getOutputStream().write("220".getBytes(US_ASCII));
        assertThat(balancer.getInputStream().readNBytes(3)).asString(US_ASCII).isEqualTo("220");
        balancer.getOutputStream().write(9);
        assertThat(pod.getInputStream().read()).isEqualTo(9);
    }

    @Test
    void a_header_may_come_in_any_pieces() throws Exception {
        long seed = System.nanoTime();
        System.out.println("a_header_may_come_in_any_pieces: seed " + seed);
        Random random = new Random(seed);
        IpPort frontend = serveTrusting();
        for (int i = 0; i < 20; i++) {
            byte[] header = random.nextBoolean()
                    ? V1.getBytes(US_ASCII)
                    : ProxyHeaderWriter.version2(FAR, VIP, Rig.WEB);
            byte[] rest = new byte[random.nextInt(3000)];
            random.nextBytes(rest);
            byte[] all = joined(header, rest);
            Socket balancer = rig.dial(frontend);
            balancer.setTcpNoDelay(true);
            for (int at = 0; at < all.length;) {
                int piece = Math.min(all.length - at, 1 + random.nextInt(at < header.length ? 12 : 900));
                balancer.getOutputStream().write(all, at, piece);
                at += piece;
            }
            balancer.shutdownOutput();
            Socket pod = rig.accept(endpoint);
            assertThat(pod.getInputStream().readAllBytes()).as("seed %s", seed).isEqualTo(rest);
            pod.close();
            SessionSummary end = rig.nextEnd();
            assertThat(end.client()).as("seed %s", seed).isEqualTo(FAR);
            assertThat(end.termination().cause()).isEqualTo(Cause.FIN);
        }
    }

    @Test
    void a_header_that_pauses_in_the_middle_is_waited_for() throws Exception {
        Socket balancer = rig.dial(serveTrusting());
        for (String piece : List.of("P", "ROXY TCP4 203.0.113.9", " 10.96.0.10 40000 80", "\r", "\n")) {
            balancer.getOutputStream().write(piece.getBytes(US_ASCII));
            // The piece before has been looked at by the time that the next one comes.
            await().pollInterval(Duration.ofMillis(5)).until(() -> unread(balancer) == 0);
        }
        balancer.getOutputStream().write(8);
        assertThat(rig.accept(endpoint).getInputStream().read()).isEqualTo(8);
    }

    /** Bytes that the proxy's side of a connection has in its receive queue, of /proc/net/tcp. */
    private static long unread(Socket client) throws IOException {
        return SocketQueues.unread(client.getLocalPort());
    }

    @Test
    void what_is_no_header_is_reset_and_said() throws Exception {
        IpPort frontend = serveTrusting();
        Socket stranger = rig.dial(frontend);
        stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
        RelayContract.assertReset(stranger);
        SessionSummary end = rig.nextEnd();
        assertThat(end.termination()).hasToString("PROXY/ADMIT/BAD_HEADER");
        assertThat(end.service()).contains(Rig.WEB);
        assertThat(end.client().port()).isEqualTo(stranger.getLocalPort());
        assertThat(rig.counters.failures(Cause.BAD_HEADER)).isEqualTo(1);
    }

    @Test
    void a_header_that_does_not_end_is_reset() throws Exception {
        Socket stranger = rig.dial(serveTrusting());
        stranger.getOutputStream().write(("PROXY UNKNOWN " + "x".repeat(200)).getBytes(US_ASCII));
        RelayContract.assertReset(stranger);
        assertThat(rig.nextEnd().termination()).hasToString("PROXY/ADMIT/BAD_HEADER");
    }

    @Test
    void a_header_that_does_not_come_in_time_is_not_waited_for() throws Exception {
        IpPort frontend = serveTrusting();
        Socket silent = rig.dial(frontend);
        Socket slow = rig.dial(frontend);
        slow.getOutputStream().write("PROXY TCP4 203".getBytes(US_ASCII));
        await().until(() -> rig.sessions.live() == 2 && unread(slow) == 0);
        rig.skip(TcpSession.INTRODUCTION);
        RelayContract.assertReset(silent);
        RelayContract.assertReset(slow);
        assertThat(rig.nextEnd().termination()).hasToString("PROXY/ADMIT/TIMEOUT");
        assertThat(rig.nextEnd().termination()).hasToString("PROXY/ADMIT/TIMEOUT");
    }

    @Test
    void the_time_that_a_header_takes_is_not_taken_from_connecting() throws Exception {
        IpPort frontend = rig.serve(p -> trusting(p, "127.0.0.0/8").withConnectBudget(Duration.ofSeconds(2)),
                Rig.address(endpoint));
        Socket slow = rig.dial(frontend);
        await().until(() -> rig.sessions.live() == 1);
        rig.skip(TcpSession.INTRODUCTION.minusSeconds(2));
        slow.getOutputStream().write((V1 + "x").getBytes(US_ASCII));
        assertThat(rig.accept(endpoint).getInputStream().read()).isEqualTo('x');
    }

    @Test
    void a_load_balancer_that_only_looks_whether_we_are_there_may_go() throws Exception {
        IpPort frontend = serveTrusting();
        rig.dial(frontend).close();
        assertThat(rig.nextEnd().termination()).hasToString("CLIENT/ADMIT/FIN");
        Socket cut = rig.dial(frontend);
        cut.getOutputStream().write("PROXY ".getBytes(US_ASCII));
        cut.shutdownOutput();
        assertThat(rig.nextEnd().termination()).hasToString("PROXY/ADMIT/BAD_HEADER");
        Socket gone = rig.dial(frontend);
        await().until(() -> rig.sessions.live() == 1);
        gone.setSoLinger(true, 0);
        gone.close();
        assertThat(rig.nextEnd().termination()).hasToString("CLIENT/ADMIT/RESET");
    }

    @Test
    void only_load_balancers_are_believed() throws Exception {
        IpPort frontend = rig.serve(p -> trusting(p, "192.0.2.0/24"), Rig.address(endpoint));
        Socket client = rig.dial(frontend);
        client.getOutputStream().write(V1.getBytes(US_ASCII));
        Socket pod = rig.accept(endpoint);
        assertThat(pod.getInputStream().readNBytes(V1.length())).asString(US_ASCII).isEqualTo(V1);
        client.close();
        pod.close();
        assertThat(rig.nextEnd().client().ip()).isEqualTo(client.getInetAddress());
    }

    @Test
    void source_ranges_are_about_the_client_behind_the_load_balancer() throws Exception {
        List<Cidr> ranges = List.of(Cidr.parse("203.0.113.0/24").orElseThrow());
        IpPort frontend = rig.serve(p -> trusting(p, "127.0.0.0/8"), ranges, ConnectionLimit.NONE,
                List.of(new Upstream(Rig.WEB, Rig.address(endpoint), Gate.OPEN)));
        TransportAddress door = TransportAddress.tcp(frontend);
        rig.listeners.filter(door, rig.table.current().find(door).orElseThrow().spec().filter());
        Socket allowed = rig.dial(frontend);
        allowed.getOutputStream().write(V1.getBytes(US_ASCII));
        rig.accept(endpoint);
        Socket forbidden = rig.dial(frontend);
        forbidden.getOutputStream().write("PROXY TCP4 198.51.100.1 10.96.0.10 1 80\r\n".getBytes(US_ASCII));
        RelayContract.assertReset(forbidden);
        SessionSummary end = rig.nextEnd();
        assertThat(end.termination()).hasToString("PROXY/ADMIT/FORBIDDEN_SOURCE");
        assertThat(end.client()).isEqualTo(IpPort.of("198.51.100.1:1"));
    }

    @Test
    void a_load_balancers_own_connection_is_its_own() throws Exception {
        Socket balancer = rig.dial(serveTrusting());
        balancer.getOutputStream().write("PROXY UNKNOWN\r\n!".getBytes(US_ASCII));
        Socket pod = rig.accept(endpoint);
        assertThat(pod.getInputStream().read()).isEqualTo('!');
        balancer.close();
        pod.close();
        assertThat(rig.nextEnd().client())
                .isEqualTo(new IpPort(balancer.getInetAddress(), balancer.getLocalPort()));
    }

    @Test
    void what_one_load_balancer_says_is_told_to_the_endpoint() throws Exception {
        IpPort frontend = rig.serve(p -> trusting(announcing(ProxyProtocol.V1).apply(p), "127.0.0.0/8"),
                Rig.address(endpoint));
        Socket balancer = rig.dial(frontend);
        balancer.getOutputStream()
                .write(joined(ProxyHeaderWriter.version2(FAR, VIP, Rig.WEB), "body".getBytes(US_ASCII)));
        Socket pod = rig.accept(endpoint);
        assertThat(pod.getInputStream().readNBytes(V1.length() + 4)).asString(US_ASCII).isEqualTo(V1 + "body");
    }

    @Test
    void a_proxy_that_ends_does_not_wait_for_headers() throws Exception {
        Socket silent = rig.dial(serveTrusting());
        await().until(() -> rig.sessions.live() == 1);
        rig.sessions.endAll(Cause.SHUTDOWN);
        RelayContract.assertReset(silent);
        assertThat(rig.nextEnd().termination()).hasToString("PROXY/ADMIT/SHUTDOWN");
    }

    @Test
    void much_may_follow_a_load_balancers_header_at_once() throws Exception {
        byte[] much = new byte[2_000_000];
        Arrays.fill(much, (byte) 3);
        Socket balancer = rig.dial(serveTrusting());
        Future<?> writer = threads.submit(() -> {
            balancer.getOutputStream().write(joined(V1.getBytes(US_ASCII), much));
            balancer.shutdownOutput();
            return null;
        });
        InputStream in = rig.accept(endpoint).getInputStream();
        assertThat(in.readAllBytes()).isEqualTo(much);
        writer.get(10, TimeUnit.SECONDS);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
