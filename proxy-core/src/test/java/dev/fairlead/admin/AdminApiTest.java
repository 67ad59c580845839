package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.ControlView;
import dev.fairlead.control.ControlView.Phase;
import dev.fairlead.control.Drains;
import dev.fairlead.forward.LiveSession;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Ports;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.telemetry.Fleet;
import dev.fairlead.telemetry.Happening.Kind;
import dev.fairlead.telemetry.JsonReading;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminApiTest {
    @TempDir
    Path folder;
    private AdminFixture admin;

    @BeforeEach
    void start() throws Exception {
        admin = new AdminFixture(Optional.of(folder.resolve("own.sock")));
        admin.view = view();
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private static ControlView view() {
        List<ServicePort> ports = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ServicePortName name = Fleet.service("ns%d/web-%02d:http".formatted(i % 2, i));
            List<Frontend> frontends = List
                    .of(new Frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, IpPort.of("10.96.0." + (i + 1) + ":80")));
            List<Endpoint> endpoints = i == 7 ? List.of() : List.of(Endpoint.ready(IpPort.of("10.1.0." + i + ":8080")));
            ports.add(new ServicePort(name, Ports.addresses(frontends), frontends, endpoints, TrafficPolicy.CLUSTER,
                    TrafficPolicy.CLUSTER, SessionAffinity.NONE, List.of(), 0, ServicePolicy.DEFAULTS));
        }
        ports.sort((a, b) -> a.name().compareTo(b.name()));
        return new ControlView(new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN, ports, List.of(),
                List.of()), 3, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), List.of(), List.of(),
                Phase.FOLLOWING, Drains.NONE);
    }

    private Map<String, Object> json(String path) {
        HttpResponse<String> answer = admin.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JsonReading.object(answer.body());
    }

    private static List<?> rows(Map<String, Object> answer) {
        return (List<?>) answer.getOrDefault("services", List.of());
    }

    private List<Object> names(String query) {
        List<Object> names = new ArrayList<>();
        rows(json("/api/v1/services/list" + query))
                .forEach(row -> names.add(((Map<?, ?>) row).get("name")));
        return names;
    }

    @Test
    void servicesComeAPageAtATime() {
        assertThat(names("?offset=28&limit=10")).containsExactly("web-27", "web-29");
        assertThat(names("?sort=name&limit=3")).containsExactly("web-00", "web-01", "web-02");
        assertThat(names("?sort=name&descending=true&limit=2")).containsExactly("web-29", "web-28");
        assertThat(names("?search=WEB-07")).containsExactly("web-07");
        assertThat(names("?search=10.96.0.30:")).containsExactly("web-29");
        assertThat(names("?namespace=ns1&limit=2")).containsExactly("web-01", "web-03");
        assertThat(names("?offset=99")).isEmpty();
        assertThat(json("/api/v1/services/list?search=web-1&limit=2")).containsEntry("total", 30.0)
                .containsEntry("matching", 10.0);
    }

    @Test
    void anUnknownOrderIsSaid() {
        HttpResponse<String> answer = admin.get("/api/v1/services/list?sort=beauty");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("sort: \"beauty\" (expected: one of accepted, bytes, endpoints, failed,"
                + " name, namespace, open, state)\n");
    }

    @Test
    void oneServiceAlone() {
        assertThat(rows(json("/api/v1/services?service=ns1/web-07"))).hasSize(1);
        assertThat(rows(json("/api/v1/services?service=ns1/web"))).isEmpty();
    }

    @Test
    void connectionsAreSearched() {
        admin.insides.sessions = List.of(session("10.0.0.1:4000", "10.96.0.1:80"),
                session("10.0.0.2:4000", "10.96.0.2:80"));

        Map<String, Object> found = json("/api/v1/connections?search=10.0.0.2");

        assertThat(found).containsEntry("total", 2.0).containsEntry("matching", 1.0);
        assertThat(found.toString()).contains("10.0.0.2:4000").doesNotContain("10.0.0.1:4000");
    }

    private static LiveSession session(String client, String frontend) {
        return new LiveSession(IpPort.of(client), TransportAddress.tcp(IpPort.of(frontend)), Optional.empty(),
                Optional.empty(), "connecting", 1, 2, 3);
    }

    @Test
    void aChangeIsPostedWithTheToken() {
        String path = "/api/v1/drain?service=ns0/web-00&endpoint=10.1.0.0:8080";

        assertThat(admin.get(path).statusCode()).isEqualTo(405);
        assertThat(admin.ask("POST", path).statusCode()).isEqualTo(401);
        assertThat(admin.insides.drains).isEmpty();
        HttpResponse<String> answer = admin.ask("POST", path, "authorization", "Bearer " + Insides.TOKEN);
        assertThat(answer.body()).isEqualTo("{\"changed\":true,\"text\":\"ns0/web-00 10.1.0.0:8080 takes no new"
                + " connections; those that it has go on\"}\n");
        assertThat(admin.insides.drains).containsExactly("drain ns0/web-00 10.1.0.0:8080");
        assertThat(json("/api/v1/events").toString()).contains("kind=drained");
    }

    @Test
    void whatIsNotThereIsNotDrained() {
        assertThat(drain("service=ns0/web-01")).isEqualTo("404 there is no Service ns0/web-01 (expected: such as"
                + " ns0/web-00, ns0/web-02, ns0/web-04, ns0/web-06, ns0/web-08)\n");
        assertThat(drain("service=ns0/web-00&endpoint=10.1.0.9:80")).isEqualTo("404 Service ns0/web-00 has no endpoint"
                + " 10.1.0.9:80 (expected: such as 10.1.0.0:8080)\n");
        assertThat(drain("service=web-00")).startsWith("400 expected: ?service=NAMESPACE/NAME");
        assertThat(drain("service=ns0/web-00&endpoint=pod")).startsWith("400 expected:");
        assertThat(admin.insides.drains).isEmpty();
    }

    private String drain(String query) {
        HttpResponse<String> answer = admin.ask("POST", "/api/v1/drain?" + query, "authorization",
                "Bearer " + Insides.TOKEN);
        return answer.statusCode() + " " + answer.body();
    }

    @Test
    void theOwnSocketAsksForNothingAndTellsTheToken() throws IOException {
        assertThat(own("GET /api/v1/token")).endsWith("\r\n\r\n" + Insides.TOKEN + "\n");
        assertThat(own("POST /api/v1/drain?service=ns0/web-00")).startsWith("HTTP/1.1 200");
        assertThat(admin.get("/api/v1/token").statusCode()).isEqualTo(404);
    }

    private String own(String request) throws IOException {
        try (SocketChannel channel = SocketChannel
                .open(UnixDomainSocketAddress.of(folder.resolve("own.sock")))) {
            channel.write(ByteBuffer.wrap((request + " HTTP/1.1\r\nconnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whatHappensIsStreamed() throws IOException {
        admin.insides.journal.add(Kind.DEFECT, Optional.empty(), "before");
        admin.insides.journal.add(Kind.PLAN, Optional.empty(), "seen\nby nobody");
        try (Socket client = new Socket(admin.address().ip(), admin.address().port())) {
            client.getOutputStream().write(("GET /api/v1/stream HTTP/1.1\r\nhost: " + admin.address()
                    + "\r\nlast-event-id: 1\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            BufferedReader lines = new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));

            assertThat(until(lines, "data: {\"version\"")).contains("\"state\":\"ready\"").contains("\"now\":[");
            assertThat(until(lines, "id: ")).isEqualTo("id: 2");
            assertThat(until(lines, "data: ")).contains("\"text\":\"seen\\nby nobody\"");
            admin.insides.journal.add(Kind.EJECTED, Optional.of("a/b:c"), "<script>");
            assertThat(until(lines, "id: ")).isEqualTo("id: 3");
            assertThat(until(lines, "data: ")).contains("\"service\":\"a/b:c\"");
        }
    }

    private static String until(BufferedReader lines, String start) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.startsWith(start)) {
            line = lines.readLine();
        }
        return String.valueOf(line);
    }

    @Test
    void prometheusGetsOpenMetrics() {
        HttpResponse<String> answer = admin.get("/metrics", "accept", "application/openmetrics-text;version=1.0.0,"
                + "application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1");

        assertThat(answer.headers().firstValue("content-type"))
                .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(answer.body()).contains("# TYPE fairlead_accept_pauses counter\n", "\nfairlead_accept_pauses_total ")
                .endsWith("\n# EOF\n");
        assertThat(admin.get("/metrics", "accept", "*/*").body())
                .contains("# TYPE fairlead_accept_pauses_total counter")
                .doesNotContain("# EOF");
    }

    @Test
    void aBrowserGetsThePageAndAProgramTheIndex() {
        HttpResponse<String> page = admin.get("/", "accept", "text/html,*/*");

        assertThat(page.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'none'; script-src 'self';");
        assertThat(admin.get("/", "accept", "*/*").body()).startsWith("Fairlead's admin address understands GET, HEAD");
    }
}
