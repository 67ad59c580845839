package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceAddresses;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.source.ChangeObserver.Kind;
import dev.fairlead.telemetry.Fleet;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Health check node ports, asked over real sockets. */
class ServiceHealthServerTest {
    private static final IpPort ANY = IpPort.of("127.0.0.1:0");
    private static final String NODE = "n1";

    private static Endpoint endpoint(String address, String node, boolean ready) {
        return new Endpoint(IpPort.of(address), ready, true, !ready, Optional.of(node), Set.of(), Set.of());
    }

    /** A Service of two ports whose endpoints are these, at two of them. */
    private static ServiceSnapshot snapshot(int port, Endpoint... endpoints) {
        List<ServicePort> ports = List.of(port("default/web:http", port, endpoints),
                port("default/web:metrics", port, endpoints));
        return new ServiceSnapshot(new NodeIdentity(Optional.of(NODE), Optional.empty(), List.of()),
                new ClusterNetwork(List.of(), List.of(), false, List.of(IpPort.of("127.0.0.1:1").ip()), false), ports,
                List.of(), List.of());
    }

    private static ServicePort port(String name, int healthCheck, Endpoint... endpoints) {
        IpPort clusterIp = IpPort.of("10.96.0.10:" + (name.endsWith("http") ? 80 : 81));
        return new ServicePort(Fleet.service(name),
                new ServiceAddresses(clusterIp.ip(), clusterIp.port(), 0, List.of(), List.of()),
                List.of(new Frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, clusterIp)), List.of(endpoints),
                TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL, SessionAffinity.NONE, List.of(), healthCheck,
                ServicePolicy.DEFAULTS);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        }
    }

    private static void awaitOpen(int port) {
        await().until(() -> open(port));
    }

    private static boolean open(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (ConnectException refused) {
            return false;
        }
    }

    @Test
    void itSaysHowManyReadyEndpointsAreOnThisNode() throws Exception {
        int port = freePort();
        IpPort address = IpPort.of("127.0.0.1:" + port);
        try (ProbeFixture proxy = new ProbeFixture(); HttpAsking client = new HttpAsking()) {
            proxy.follow(snapshot(port, endpoint("10.1.0.1:80", NODE, true), endpoint("10.1.0.2:80", NODE, true),
                    endpoint("10.1.0.2:81", NODE, true), endpoint("10.1.1.1:80", "n2", true),
                    endpoint("10.1.0.3:80", NODE, false)));
            awaitOpen(port);

            HttpResponse<String> answer = client.ask("GET", address, "/whatever");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"service\":{\"namespace\":\"default\",\"name\":\"web\"},"
                    + "\"localEndpoints\":2,\"serviceProxyHealthy\":true}");
            assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
            assertThat(answer.headers().firstValue("x-load-balancing-endpoint-weight")).hasValue("2");
            assertThat(client.ask("DELETE", address, "/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void onlyTerminatingEndpointsAreNoneThoughTheyAreServed() throws Exception {
        int port = freePort();
        IpPort address = IpPort.of("127.0.0.1:" + port);
        try (ProbeFixture proxy = new ProbeFixture(); HttpAsking client = new HttpAsking()) {
            proxy.follow(snapshot(port, endpoint("10.1.0.1:80", NODE, true)));
            awaitOpen(port);
            assertThat(client.ask("GET", address, "/").statusCode()).isEqualTo(200);

            proxy.follow(snapshot(port, endpoint("10.1.0.1:80", NODE, false)));

            HttpResponse<String> answer = client.ask("GET", address, "/");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("\"localEndpoints\":0,\"serviceProxyHealthy\":true");
            assertThat(answer.headers().firstValue("x-load-balancing-endpoint-weight")).hasValue("0");
        }
    }

    @Test
    void aProxyThatIsLateIsToBeSentNothing() throws Exception {
        int port = freePort();
        IpPort address = IpPort.of("127.0.0.1:" + port);
        try (ProbeFixture proxy = new ProbeFixture(); HttpAsking client = new HttpAsking()) {
            proxy.follow(snapshot(port, endpoint("10.1.0.1:80", NODE, true)));
            awaitOpen(port);
            proxy.changes().seen(Kind.SERVICE);
            proxy.pass(60);

            HttpResponse<String> answer = client.ask("GET", address, "/");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("\"localEndpoints\":1,\"serviceProxyHealthy\":false");
        }
    }

    @Test
    void aPortThatTheServiceGivesUpIsClosedWithItsConnections() throws Exception {
        int port = freePort();
        int other = freePort();
        try (ProbeFixture proxy = new ProbeFixture(); Socket checker = new Socket()) {
            proxy.follow(snapshot(port, endpoint("10.1.0.1:80", NODE, true)));
            awaitOpen(port);
            checker.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));

            proxy.follow(snapshot(other, endpoint("10.1.0.1:80", NODE, true)));
            awaitOpen(other);
            await().until(() -> !open(port));
            checker.setSoTimeout(10_000);
            assertThat(checker.getInputStream().read()).isEqualTo(-1);

            proxy.follow(snapshot(0, endpoint("10.1.0.1:80", NODE, true)));
            await().until(() -> !open(other));
        }
    }

    @Test
    @SuppressWarnings("try") // it is closed in the middle, that is what it is for
    void aPortThatIsTakenIsToldOnceAndTriedUntilItOpens() throws Exception {
        try (ServerSocket taken = new ServerSocket();
                ProbeFixture proxy = new ProbeFixture(ANY, ANY, Duration.ofMillis(20));
                HttpAsking client = new HttpAsking()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            IpPort address = IpPort.of("127.0.0.1:" + taken.getLocalPort());
            proxy.follow(snapshot(address.port(), endpoint("10.1.0.1:80", NODE, true)));
            await().until(() -> !proxy.unserved.isEmpty());
            assertThat(proxy.scrape().value("fairlead_bind_address_failing", "address", "healthCheckNodePort"))
                    .contains(1.0);

            taken.close();

            await().until(() -> proxy.scrape()
                    .value("fairlead_bind_address_failing", "address", "healthCheckNodePort").orElse(1.0) == 0);
            assertThat(client.ask("GET", address, "/").statusCode()).isEqualTo(200);
            assertThat(proxy.unserved).containsExactly("default/web " + address + ": Address already in use");
        }
    }
}
