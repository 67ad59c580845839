package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpFamily;
import dev.fairlead.source.ChangeObserver.Kind;
import dev.fairlead.telemetry.JsonReading;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** kube-proxy's /healthz and /livez, asked over sockets. */
class ProbeTest {
    private static final String NEVER = "0001-01-01T00:00:00Z";

    private ProbeFixture proxy;

    @BeforeEach
    void open() throws AdminBindFailure {
        proxy = new ProbeFixture();
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    private void healthzSays(int status, String body) {
        assertThat(proxy.healthz().body()).isEqualTo(body);
        assertThat(proxy.healthz().statusCode()).isEqualTo(status);
    }

    private void livezSays(int status, String body) {
        assertThat(proxy.livez().body()).isEqualTo(body);
        assertThat(proxy.livez().statusCode()).isEqualTo(status);
    }

    private static Object status(HttpResponse<String> answer) {
        return JsonReading.object(answer.body()).getOrDefault("status", "absent");
    }

    private static Map<String, Object> family(String lastUpdated, boolean healthy) {
        return Map.of("lastUpdated", lastUpdated, "healthy", healthy);
    }

    @Test
    void aProxyThatSawNothingYetIsWell() {
        proxy.pass(3_600);
        healthzSays(200, "{\"lastUpdated\":\"2026-11-23T18:20:31.500Z\",\"currentTime\":\"2026-11-23T18:20:31.500Z\","
                + "\"nodeEligible\":true,\"healthy\":true,\"status\":{\"IPv4\":{\"lastUpdated\":\"" + NEVER
                + "\",\"healthy\":true},\"IPv6\":{\"lastUpdated\":\"" + NEVER + "\",\"healthy\":true}}}");
        livezSays(200, "{\"lastUpdated\":\"2026-11-23T18:20:31.500Z\",\"currentTime\":\"2026-11-23T18:20:31.500Z\","
                + "\"healthy\":true,\"status\":{\"IPv4\":{\"lastUpdated\":\"" + NEVER
                + "\",\"healthy\":true},\"IPv6\":{\"lastUpdated\":\"" + NEVER + "\",\"healthy\":true}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/livez"})
    void theHeadersAreKubeProxysInHealthAndOutOfIt(String path) {
        for (int round = 0; round < 2; round++) {
            HttpResponse<String> answer = proxy.health(path);
            assertThat(answer.statusCode()).isEqualTo(round == 0 ? 200 : 503);
            assertThat(answer.headers().allValues("content-type")).containsExactly("application/json");
            assertThat(answer.headers().allValues("x-content-type-options")).containsExactly("nosniff");
            proxy.changes().seen(Kind.SERVICE);
            proxy.pass(60);
        }
    }

    @Test
    void aChangeThatWaitsForSixtySecondsIsTooLateUntilItIsInForce() {
        proxy.follow(ProbeFixture.snapshot("random", false));
        proxy.pass(10);
        proxy.changes().seen(Kind.SERVICE);
        proxy.pass(59);
        assertThat(proxy.healthz().statusCode()).isEqualTo(200);
        assertThat(proxy.livez().statusCode()).isEqualTo(200);
        proxy.pass(1);
        String families = "\"healthy\":false,\"status\":{"
                + "\"IPv4\":{\"lastUpdated\":\"2026-11-23T17:20:31.500Z\",\"healthy\":false},"
                + "\"IPv6\":{\"lastUpdated\":\"2026-11-23T17:20:31.500Z\",\"healthy\":false}}}";
        healthzSays(503, "{\"lastUpdated\":\"2026-11-23T17:20:31.500Z\",\"currentTime\":\"2026-11-23T17:21:41.500Z\","
                + "\"nodeEligible\":true," + families);
        livezSays(503, "{\"lastUpdated\":\"2026-11-23T17:20:31.500Z\",\"currentTime\":\"2026-11-23T17:21:41.500Z\","
                + families);
        proxy.follow(ProbeFixture.snapshot("round-robin", false));
        String back = "2026-11-23T17:21:41.500Z";
        assertThat(proxy.healthz().statusCode()).isEqualTo(200);
        assertThat(proxy.livez().statusCode()).isEqualTo(200);
        assertThat(status(proxy.healthz())).isEqualTo(Map.of("IPv4", family(back, true), "IPv6", family(back, true)));
    }

    @Test
    void oneFamilyThatIsLateIsEnough() {
        proxy.changes().seen(Kind.ENDPOINTS, Set.of(IpFamily.IPV6));
        proxy.pass(60);
        HttpResponse<String> answer = proxy.livez();
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(status(answer)).isEqualTo(Map.of("IPv4", family(NEVER, true), "IPv6", family(NEVER, false)));
    }

    @Test
    void aDoorThatWillNotOpenIsNoReason() {
        proxy.doorsStick = true;
        proxy.offer(ProbeFixture.snapshot("random", false));
        proxy.awaitFailure();
        proxy.pass(120);
        assertThat(proxy.healthz().statusCode()).isEqualTo(200);
        assertThat(proxy.livez().statusCode()).isEqualTo(200);
    }

    @Test
    void aTableThatCannotBeMadeIsOne() {
        proxy.follow(ProbeFixture.snapshot("random", false));
        proxy.tablesBreak = true;
        proxy.offer(ProbeFixture.snapshot("round-robin", false));
        proxy.awaitFailure();
        proxy.pass(59);
        assertThat(proxy.healthz().statusCode()).isEqualTo(200);
        proxy.pass(1);
        assertThat(proxy.healthz().statusCode()).isEqualTo(503);
        assertThat(proxy.livez().statusCode()).isEqualTo(503);
        proxy.tablesBreak = false;
        proxy.follow(ProbeFixture.snapshot("least-conn", false));
        assertThat(proxy.healthz().statusCode()).isEqualTo(200);
    }

    @Test
    void aNodeThatIsLeavingIsTheBusinessOfLoadBalancersAlone() {
        proxy.follow(ProbeFixture.snapshot("random", true));
        proxy.pass(1);
        String families = "\"healthy\":true,\"status\":{"
                + "\"IPv4\":{\"lastUpdated\":\"2026-11-23T17:20:31.500Z\",\"healthy\":true},"
                + "\"IPv6\":{\"lastUpdated\":\"2026-11-23T17:20:31.500Z\",\"healthy\":true}}}";
        healthzSays(503, "{\"lastUpdated\":\"2026-11-23T17:20:31.500Z\",\"currentTime\":\"2026-11-23T17:20:32.500Z\","
                + "\"nodeEligible\":false," + families);
        livezSays(200, "{\"lastUpdated\":\"2026-11-23T17:20:32.500Z\",\"currentTime\":\"2026-11-23T17:20:32.500Z\","
                + families);
        proxy.follow(ProbeFixture.snapshot("random", false));
        assertThat(proxy.healthz().statusCode()).isEqualTo(200);
    }

    @Test
    void whoIsStoppingGetsNothingNewAndIsNotRestartedForIt() throws InterruptedException {
        proxy.follow(ProbeFixture.snapshot("random", false));
        proxy.draining = true;
        assertThat(proxy.healthz().statusCode()).isEqualTo(503);
        assertThat(proxy.healthz().body()).contains("\"nodeEligible\":false,\"healthy\":true");
        assertThat(proxy.livez().statusCode()).isEqualTo(200);
        proxy.changes().seen(Kind.SERVICE);
        proxy.closeDoors();
        proxy.offer(ProbeFixture.snapshot("round-robin", false));
        proxy.pass(3_600);
        assertThat(proxy.livez().statusCode()).isEqualTo(200);
        assertThat(proxy.healthz().statusCode()).isEqualTo(503);
    }

    @Test
    void nothingElseIsToldAtTheAddressForHealthChecks() {
        assertThat(proxy.health("/metrics").statusCode()).isEqualTo(404);
        assertThat(proxy.health("/").body()).isEqualTo("""
                Fairlead's address for health checks understands GET, HEAD of
                  /healthz  200 while changes come into force and the node is not leaving, else 503
                  /livez    200 while changes come into force, else 503
                """);
    }
}
