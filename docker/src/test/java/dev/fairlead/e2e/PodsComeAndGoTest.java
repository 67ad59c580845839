package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.ConnectionStorm;
import dev.fairlead.loadtest.Failure;
import dev.fairlead.loadtest.StormPlan;
import dev.fairlead.loadtest.StormReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The born scenario under load, while pods end, are killed and come back. */
@Timeout(120)
class PodsComeAndGoTest {
    private static final int PORT = 8000;
    private static final int ENOUGH = 300;
    private static final Set<Failure> CUT = Set.of(Failure.RESET_BEFORE_FIRST_BYTE, Failure.RESET_AFTER_FIRST_BYTE,
            Failure.ENDED_BEFORE_FIRST_BYTE, Failure.ENDED_SHORT);

    @TempDir
    Path directory;

    @Test
    void onlyConnectionsAlreadyRelayedToAPodThatStoppedFailAndWhatComesBackGetsTrafficAgain() throws Exception {
        Requires.nginx();
        FairleadSetup setup = FairleadSetup.in(directory);
        String vip = Addresses.next();
        try (Nginx web0 = Nginx.start(directory, "web-0");
                Nginx web1 = Nginx.start(directory, "web-1");
                FairleadProcess fairlead = setup.start(KubernetesYaml.service("web", vip, PORT, "round-robin"),
                        KubernetesYaml.slice("web", Nginx.PORT, List.of(web0.ip(), web1.ip())));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            StormPlan http = StormPlan.to(Addresses.socket(vip + ":" + PORT), 1).withTalk(StormPlan.Talk.HTTP)
                    .withConnections(1_000_000);
            ConnectionStorm quick = new ConnectionStorm(http.withConcurrency(6));
            ConnectionStorm slow = new ConnectionStorm(http.withPath("/slow").withConcurrency(12));
            Future<StormReport> quickly = threads.submit(quick::run);
            Future<StormReport> slowly = threads.submit(slow::run);
            Instant beforeQuit;
            Instant afterQuit;
            Instant beforeKill;
            Instant afterKill;
            try {
                awaitMore(quick);
                await("slow answers are under way at both").until(() -> relayedTo(fairlead, web0) >= 3
                        && relayedTo(fairlead, web1) >= 3);

                beforeQuit = Instant.now();
                web0.quit();
                afterQuit = Instant.now();
                awaitMore(quick);
                web0.startAgain();
                awaitAnswer(vip, "web-0");
                awaitMore(quick);
                await("slow answers are under way at web-1").until(() -> relayedTo(fairlead, web1) >= 3);

                beforeKill = Instant.now();
                web1.kill();
                afterKill = Instant.now();
                awaitMore(quick);
                web1.startAgain();
                awaitAnswer(vip, "web-1");
                awaitMore(quick);
            } finally {
                quick.stop();
                slow.stop();
            }
            List<StormReport.FailedConnection> failed = Stream.of(quickly.get(), slowly.get())
                    .flatMap(report -> report.failed().stream()).toList();
            assertThat(quickly.get().failedCount() + slowly.get().failedCount()).isEqualTo(failed.size());
            await("every line is written").untilAsserted(() -> assertThat(fairlead.metric("fairlead_sessions"))
                    .isZero());
            List<AccessLine> lines = fairlead.accessLog();
            Set<String> pods = Set.of(web0.address(), web1.address());
            assertThat(lines.stream()
                    .filter(line -> !line.end().contains("/RELAY/") || !pods.contains(line.endpoint())))
                    .as("those that ended before they were relayed").isEmpty();
            Map<String, List<AccessLine>> byClient = lines.stream()
                    .collect(Collectors.groupingBy(AccessLine::client));
            assertThat(failed).as("those that were cut").isNotEmpty().allSatisfy(one -> {
                assertThat(one.failure()).isIn(CUT);
                // The same client port may serve again later: what counts is the connection that met the end of a pod.
                List<AccessLine> its = byClient.getOrDefault(one.client(), List.of());
                boolean killed = its.stream().filter(line -> line.endpoint().equals(web1.address())
                        && within(line, beforeKill.minusSeconds(Nginx.SLOW_SECONDS + 1L), afterKill))
                        .anyMatch(line -> Set.of("UPSTREAM/RELAY/FIN", "UPSTREAM/RELAY/RESET").contains(line.end()));
                // nginx that quits hears those out whom it has taken, and resets those who wait in its socket's queue.
                boolean neverTaken = one.failure() == Failure.RESET_BEFORE_FIRST_BYTE
                        && its.stream().anyMatch(line -> line.endpoint().equals(web0.address())
                                && within(line, beforeQuit.minusSeconds(1), afterQuit)
                                && line.end().equals("UPSTREAM/RELAY/RESET"));
                assertThat(killed || neverTaken).as("%s met a pod's end, by %s", one, its).isTrue();
            });
            assertThat(failed.stream().filter(one -> one.endpoint().equals("web-0"))).as("an orderly end cuts nobody")
                    .isEmpty();
            assertThat(failed.stream().filter(one -> one.what().equals("/slow"))).as("the kill met slow answers")
                    .isNotEmpty();
            assertThat(lines.stream().map(line -> line.field("failed")).collect(Collectors.toSet()))
                    .as("failed attempts, made up for by the other pod")
                    .contains(web0.address() + "/REFUSED", web1.address() + "/REFUSED");
        }
    }

    private static boolean within(AccessLine line, Instant from, Instant to) {
        return line.time().isAfter(from) && line.time().isBefore(to);
    }

    private static void awaitMore(ConnectionStorm storm) {
        int before = storm.soFar();
        await("more connections").atMost(Duration.ofSeconds(20)).until(() -> storm.soFar() > before + ENOUGH);
    }

    private static void awaitAnswer(String vip, String name) {
        await(name + " gets traffic again").atMost(Duration.ofSeconds(40)).ignoreExceptions()
                .until(() -> HttpAnswer.get(vip + ":" + PORT, "/").header("X-Endpoint").equals(name));
    }

    /** Connections open at this endpoint just now. */
    private static double relayedTo(FairleadProcess fairlead, Nginx nginx) throws IOException {
        return fairlead.admin("/metrics").body().lines()
                .filter(line -> line.startsWith("fairlead_connections_open{") && line.contains(nginx.address()))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }
}
