package dev.fairlead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.admin.About;
import dev.fairlead.admin.AdminAddresses;
import dev.fairlead.balance.Balancers;
import dev.fairlead.control.ControlObserver;
import dev.fairlead.listen.FreeBindVip;
import dev.fairlead.listen.Inheritance;
import dev.fairlead.listen.Predecessor;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Drain;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Ports;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import dev.fairlead.transport.epoll.EpollDataPath;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator has drained in one process stays drained in the one that takes over. */
@Timeout(60)
class HandedDrainsTest {
    private static final String TOKEN = "a token";
    private static final ServiceName WEB = new ServiceName("default", "web");
    private static final Frontend DOOR = new Frontend(FrontendKind.EXTERNAL_IP, Protocol.TCP,
            IpPort.of("127.0.0.1:0"));
    private static final Drain FIRST = new Drain(WEB, Optional.of(IpPort.of("127.0.0.1:9001")));
    private static final Drain SECOND = new Drain(WEB, Optional.of(IpPort.of("127.0.0.1:9002")));

    @TempDir
    Path directory;

    private final List<ProxyServer> servers = new ArrayList<>();

    @AfterEach
    void close() {
        servers.forEach(ProxyServer::close);
    }

    /** Serves one Service with two endpoints. */
    private ProxyServer serve(Optional<Inheritance> inheritance) throws Exception {
        // Where nobody has asked for the address yet, as in the successor, the first one keeps it.
        Optional<IpPort> admin = inheritance.isPresent() ? Optional.empty() : Optional.of(IpPort.of("127.0.0.1:0"));
        ProxyServer server = new ProxyServer(new ProxyServer.Parts(new EpollDataPath(1), Balancers.installed(),
                Optional.empty(), new AdminAddresses(admin, Optional.empty(), Optional.empty()), () -> "{}",
                new SessionRoom(Long.MAX_VALUE, 0), inheritance, new FreeBindVip(), Optional.empty(),
                ControlObserver.NONE, new About("0", TOKEN, Optional.empty(), List::of, () -> 1L, () -> 1L),
                Ticker.SYSTEM, Randomness.SYSTEM));
        servers.add(server);
        ServicePort web = new ServicePort(new ServicePortName(WEB, "web", Protocol.TCP, IpFamily.IPV4),
                Ports.addresses(List.of(DOOR)), List.of(DOOR),
                List.of(FIRST, SECOND).stream().map(one -> Endpoint.ready(one.endpoint().orElseThrow())).toList(),
                TrafficPolicy.CLUSTER, TrafficPolicy.CLUSTER, new SessionAffinity.None(), List.of(), 0,
                ServicePolicy.DEFAULTS);
        server.start(new ServiceSource() {
            @Override
            public void start(SnapshotSink sink) {
                sink.offer(new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, List.of(web), List.of(),
                        List.of()));
            }

            @Override
            public void close() {
                // Nothing runs.
            }
        });
        assertThat(server.awaitFirstSync(Duration.ofSeconds(20))).isTrue();
        return server;
    }

    private static void post(ProxyServer server, String what, Drain drain) throws Exception {
        URI uri = URI.create("http://" + server.adminAddress().orElseThrow() + "/api/v1/" + what + "?service="
                + drain.service() + "&endpoint=" + drain.endpoint().orElseThrow());
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(HttpRequest.newBuilder(uri).header("authorization", "Bearer " + TOKEN)
                    .POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theSuccessorBeginsWithThemAndHearsWhatChangedMeanwhile() throws Exception {
        ProxyServer old = serve(Optional.empty());
        post(old, "drain", FIRST);
        try (var _ = old.awaitSuccessor(directory.resolve("handover.sock"), () -> {
        }, () -> "refused"); Predecessor before = Predecessor.find(directory.resolve("handover.sock")).orElseThrow()) {
            ProxyServer next = serve(Optional.of(before.inheritance()));
            assertThat(next.view().drains().list()).containsExactly(FIRST);
            assertThat(next.view().snapshot().ports().getFirst().endpoints()).extracting(Endpoint::aside)
                    .containsExactly(true, false);

            post(old, "drain", SECOND);
            post(old, "undrain", FIRST);
            assertThat(next.takeOver(before)).isTrue();

            await().until(() -> next.view().drains().list().equals(List.of(SECOND)));
        }
    }
}
