package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.telemetry.Exposition;
import dev.fairlead.telemetry.Fleet;
import dev.fairlead.telemetry.MetricsText;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminServerTest {
    private static final String INDEX = """
            Fairlead's admin address understands GET, HEAD of
              /livez                 200 while every thread turns, else 503
              /readyz                200 while connections are served, else 503, and why
              /metrics               for Prometheus
              /api/v1/status         version, state, problems and the last ten minutes, as JSON
              /api/v1/stream         the same each second, and what happens, as it happens
              /api/v1/services       every service port, its doors and its endpoints, as JSON; ?service=NS/NAME for one
              /api/v1/services/list  a page of them, a line each: ?search=TEXT&state=down&sort=open&descending=true
              /api/v1/connections    live connections: ?search=TEXT
              /api/v1/listeners      every door, and why it is shut
              /api/v1/events         what happened: ?since=ID
              /api/v1/plan           what the last change did; as JSON with 'Accept: application/json'
              /api/v1/explain        ?to=IP:PORT&from=IP: what becomes of a connection just now, and why
              /api/v1/drain          POST; ?service=NS/NAME&endpoint=IP:PORT: nothing new goes there
              /api/v1/undrain        POST; takes that back
              /page.html             the status page, which a browser gets at / too
            """;

    private AdminFixture admin;

    @BeforeEach
    void open() throws AdminBindFailure {
        admin = new AdminFixture();
    }

    @AfterEach
    void close() {
        admin.close();
    }

    @Test
    void theRootTellsWhatThereIs() {
        HttpResponse<String> answer = admin.get("/");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(INDEX);
        assertThat(admin.get("/?x").body()).isEqualTo(INDEX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/livez/", "/metrics/x", "/api", "//livez", "/%6civez"})
    void anotherPathGetsTheIndexToo(String path) {
        HttpResponse<String> answer = admin.get(path);
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("there is no such path\n\n" + INDEX);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACEROUTE"})
    void otherMethodsAreRefusedWithThoseThatAreNot(String method) {
        for (String path : List.of("/", "/livez", "/readyz", "/metrics", "/api/v1/services", "/api/v1/plan",
                "/api/v1/explain?to=10.96.0.10:80")) {
            HttpResponse<String> answer = admin.ask(method, path);
            assertThat(answer.statusCode()).as(path).isEqualTo(405);
            assertThat(answer.headers().allValues("allow")).containsExactly("GET, HEAD");
        }
        assertThat(admin.ask(method, "/nothing").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/livez", "/readyz", "/api/v1/services", "/api/v1/plan", "/nothing"})
    void headSaysWhatGetWouldWithoutTheBody(String path) {
        HttpResponse<String> get = admin.get(path);
        HttpResponse<String> head = admin.ask("HEAD", path);
        assertThat(head.statusCode()).isEqualTo(get.statusCode());
        assertThat(head.body()).isEmpty();
        assertThat(head.headers()).isEqualTo(get.headers());
        assertThat(head.headers().firstValueAsLong("content-length")).hasValue(get.body().length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/livez", "/readyz", "/metrics", "/api/v1/services", "/api/v1/plan", "/nothing"})
    void everyAnswerForbidsGuessingAndKeeping(String path) {
        for (String method : List.of("GET", "POST")) {
            HttpResponse<String> answer = admin.ask(method, path);
            assertThat(answer.headers().allValues("x-content-type-options")).containsExactly("nosniff");
            assertThat(answer.headers().allValues("cache-control")).containsExactly("no-store");
            assertThat(answer.headers().firstValue("content-type")).isPresent();
        }
    }

    @Test
    void livezFailsWhileAThreadDoesNotTurn() {
        assertThat(admin.get("/livez").statusCode()).isEqualTo(200);
        assertThat(admin.get("/livez").body()).isEqualTo("ok\n");
        admin.stalled = List.of("event loop 1: has not turned for 7 s", "control: has not turned for 9 s");
        HttpResponse<String> answer = admin.get("/livez");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .isEqualTo("event loop 1: has not turned for 7 s\ncontrol: has not turned for 9 s\n");
    }

    @Test
    void theThreadsAreAskedAgainAndAgain() {
        int before = admin.beats;
        await().until(() -> admin.beats > before + 1);
    }

    @Test
    void metricsAreThePrometheusTextFormat() {
        HttpResponse<String> answer = admin.get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("content-type")).containsExactly(MetricsText.PROMETHEUS.contentType());
        assertThat(Exposition.parse(answer.body()).value("fairlead_config_last_reload_successful")).contains(1.0);
        Exposition.parse(admin.get("/metrics?debug=1").body());
    }

    @Test
    void aConnectionServesManyRequestsInTheirOrder() throws IOException {
        try (Socket socket = dial()) {
            StringBuilder requests = new StringBuilder();
            int rounds = 200;
            for (int i = 0; i < rounds; i++) {
                requests.append("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n").append("GET /n").append(i)
                        .append(" HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .append("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
            requests.append("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            List<String> statuses = Pattern.compile("HTTP/1\\.1 (\\d{3})").matcher(all).results()
                    .map(result -> result.group(1)).toList();
            assertThat(statuses).hasSize(3 * rounds + 1);
            for (int i = 0; i < rounds; i++) {
                assertThat(statuses.subList(3 * i, 3 * i + 3)).containsExactly("200", "404", "200");
            }
            assertThat(all).endsWith("\r\n\r\nok\n");
        }
    }

    @Test
    void anOldClientGetsOneAnswerAndTheEnd() throws IOException {
        assertThat(exchange("GET /livez HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nok\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense\r\n\r\n", "GET /livez HTTP/1.1\r\nHo st: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"})
    void whatIsNoHttpIsRefusedAndTheConnectionEnds(String request) throws IOException {
        assertThat(exchange(request)).startsWith("HTTP/1.1 400 Bad Request\r\n").contains("this is no HTTP request");
    }

    @Test
    void aRequestThatIsTooLargeIsRefused() throws IOException {
        assertThat(exchange("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: " + "x".repeat(100_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(exchange("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(admin.get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatNobodyWantedDoesNotDisturbTheNextRequest() throws IOException {
        assertThat(exchange("""
                POST /livez HTTP/1.1\r
                Host: localhost\r
                Content-Length: 24\r
                \r
                GET /metrics HTTP/1.1\r
                \rGET /livez HTTP/1.1\r
                Host: localhost\r
                Connection: close\r
                \r
                """)).startsWith("HTTP/1.1 405 ").contains("HTTP/1.1 200 OK\r\n").endsWith("ok\n");
    }

    @Test
    void aClientThatReadsSlowlyHoldsOneAnswer() throws IOException {
        admin.table.publish(new RoutingTable(1, IntStream.range(0, 1_000).mapToObj(i -> {
            ServicePortName name = Fleet.service("default/service-" + i + ":http");
            return Fleet.route(name, FrontendKind.CLUSTER_IP, "10.96." + i / 250 + "." + i % 250 + ":80",
                    new ServiceCounters(), Fleet.upstream(name, "10.1.0.9:8080"));
        }).toList()));
        int answer = admin.get("/metrics").body().length();
        assertThat(answer).isGreaterThan(500_000);
        long before = UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        int requests = 60;
        try (Socket slow = dial()) {
            slow.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(requests)
                    .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> slow.getInputStream().available() > 0);
            for (int i = 0; i < 20; i++) {
                assertThat(admin.get("/livez").statusCode()).as("others are served").isEqualTo(200);
                assertThat(UnpooledByteBufAllocator.DEFAULT.metric().usedDirectMemory() - before)
                        .isLessThan(3L * answer);
            }
            slow.shutdownOutput();
            String all = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Pattern.compile("HTTP/1\\.1 200 OK").matcher(all).results().count()).isEqualTo(requests);
        }
    }

    @Test
    void aClientThatAsksWithoutEndAndNeverReadsIsDropped() throws IOException {
        byte[] many = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        try (Socket greedy = dial()) {
            assertThatThrownBy(() -> {
                for (int i = 0; i < 1_000; i++) {
                    greedy.getOutputStream().write(many);
                }
            }).isInstanceOf(IOException.class);
        }
        assertThat(admin.get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void atMost64ClientsAreHeard() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                idle.add(dial());
                assertThat(alive(idle.getLast())).as("client %d", i).isTrue();
            }
            try (Socket late = dial()) {
                assertThat(late.getInputStream().read()).as("closed without a word").isEqualTo(-1);
            }
            idle.removeLast().close();
            await().until(() -> {
                try (Socket next = dial()) {
                    return alive(next);
                } catch (IOException stillFull) {
                    return false;
                }
            });
            for (Socket socket : idle) {
                assertThat(alive(socket)).isTrue();
            }
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void anAddressInUseIsSaidWithWhatToDo() {
        assertThatThrownBy(() -> AdminServer.open(AdminFixture.adminAt(admin.address()),
                admin.observed(Liveness.UNWATCHED))).isInstanceOf(AdminBindFailure.class)
                .hasMessage("admin address " + admin.address() + ": Address already in use (expected: a free address of"
                        + " this machine) - give another one with 'admin: ip:port' (--admin), or turn"
                        + " it off with 'admin: off' (--admin off)");
    }

    @Test
    void anAddressOfAnotherMachineIsSaidToo() {
        assertThatThrownBy(() -> AdminServer.open(AdminFixture.adminAt(IpPort.of("192.0.2.1:10349")),
                admin.observed(Liveness.UNWATCHED)))
                .isInstanceOf(AdminBindFailure.class).hasMessageStartingWith("admin address 192.0.2.1:10349: ");
    }

    @Test
    void closingEndsTheDoorTheConnectionsAndTheThread() throws IOException {
        IpPort address = admin.address();
        try (Socket open = dial()) {
            assertThat(alive(open)).isTrue();
            admin.close();
            assertThat(open.getInputStream().read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> new Socket(address.ip(), address.port()).close())
                .isInstanceOf(ConnectException.class);
        // Netty says that the loop has ended just before its thread returns.
        await("the thread has ended").until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("fairlead-admin")));
    }

    private Socket dial() throws IOException {
        return new Socket(admin.address().ip(), admin.address().port());
    }

    private String exchange(String request) throws IOException {
        try (Socket socket = dial()) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static boolean alive(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\nok\n")) {
            int next = in.read();
            if (next < 0) {
                return false;
            }
            answer.append((char) next);
        }
        return true;
    }
}
