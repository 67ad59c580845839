package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.EndpointPlan;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class NothingLeftBehindTest {
    private static final int CONNECTIONS = 10_000;

    @TempDir
    Path directory;

    @Test
    void tenThousandConnectionsClosedInEveryOrderLoseNoByteAndLeaveNoDescriptorAndNoSession() throws Exception {
        Requires.linux();
        long seed = new SecureRandom().nextInt(1_000_000_000);
        String a = Addresses.next();
        String b = Addresses.next();
        String vip = Addresses.next();
        try (ToolProcess web0 = ToolProcess.endpoint("web-0", a + ":8080", EndpointPlan.Mode.TOLD);
                ToolProcess web1 = ToolProcess.endpoint("web-1", b + ":8080", EndpointPlan.Mode.TOLD);
                FairleadProcess fairlead = FairleadSetup.in(directory).start(
                        KubernetesYaml.service("web", vip, 8000, "least-conn"),
                        KubernetesYaml.slice("web", 8080, List.of(a, b)))) {
            storm(vip, 200, seed + 1);
            await("the warm-up is over").untilAsserted(() -> assertThat(fairlead.metric("fairlead_sessions")).isZero());
            Descriptors before = fairlead.descriptors();

            String report = storm(vip, CONNECTIONS, seed);

            assertThat(report).as("seed %d", seed).contains("\"failures\":{}").contains("\"seed\":" + seed);
            assertThat(ToolProcess.number(report, "succeeded")).isEqualTo(CONNECTIONS);
            await("no session is left").atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(fairlead.metric("fairlead_sessions")).isZero());
            await("no descriptor is left").atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                Descriptors after = fairlead.descriptors();
                // The question that was asked just before may not have been closed yet.
                assertThat(after.count()).as("before %s, after %s", before, after)
                        .isLessThanOrEqualTo(before.count());
            });
            assertThat(fairlead.metric("fairlead_service_connections_open")).isZero();
            assertThat(fairlead.metric("fairlead_connections_open")).isZero();
            assertThat(fairlead.metric("fairlead_service_connections_accepted_total")).isEqualTo(CONNECTIONS + 200);
            for (ToolProcess endpoint : List.of(web0, web1)) {
                assertThat(endpoint.stop()).as("what an endpoint saw, seed %d", seed).contains("\"failures\":{}")
                        .contains("\"open\":0");
            }
            await().untilAsserted(() -> assertThat(fairlead.accessLog()).hasSize(CONNECTIONS + 200));
        }
    }

    private static String storm(String vip, int connections, long seed) throws Exception {
        try (ToolProcess storm = ToolProcess.storm("--to", vip + ":8000", "--connections",
                Integer.toString(connections), "--concurrency", "64", "--most-bytes", "262144", "--seed",
                Long.toString(seed), "--seconds", "100")) {
            return storm.report();
        }
    }
}
