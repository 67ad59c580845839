package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.loadtest.EndpointPlan;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StopTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    private final String ip = Addresses.next();
    private final String vip = Addresses.next();
    private final String door = vip + ":8000";
    private ToolProcess web0;

    @BeforeEach
    void oneEndpoint() throws IOException {
        Requires.linux();
        web0 = ToolProcess.endpoint("web-0", ip + ":8080", EndpointPlan.Mode.GREET);
    }

    @AfterEach
    void closeEndpoint() {
        web0.close();
    }

    @Test
    void afterSigtermItIsNotReadyThenRefusesThenLetsATransferEndAndExitsWithZero() throws Exception {
        try (FairleadProcess fairlead = start("drain: {grace: 3s, deadline: 30s}");
                Greeted transfer = Greeted.open(door)) {
            fairlead.terminate();

            soon("not ready").until(() -> fairlead.readiness() == 503);
            try (Greeted late = Greeted.open(door)) {
                assertThat(late.name()).as("within the grace time").isEqualTo("web-0");
            }
            soon("refused").untilAsserted(() -> assertThatThrownBy(() -> Greeted.open(door).finish())
                    .isInstanceOf(ConnectException.class).hasMessageContaining("refused"));
            assertThat(fairlead.readiness()).isEqualTo(503);
            for (int i = 0; i < 100; i++) {
                assertThat(transfer.echo("line " + i)).isEqualTo("line " + i);
            }
            assertThat(fairlead.alive()).isTrue();
            transfer.finish();

            assertThat(fairlead.exitCode(AT_ONCE)).isZero();
            assertThat(fairlead.accessLog()).hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(line -> assertThat(line.end()).endsWith("/RELAY/FIN"));
        }
    }

    @Test
    void aConnectionStillOpenAtTheDeadlineIsReset() throws Exception {
        try (FairleadProcess fairlead = start("drain: {grace: 0s, deadline: 2s}");
                Greeted patient = Greeted.open(door)) {
            fairlead.terminate();
            soon("refused").untilAsserted(
                    () -> assertThatThrownBy(() -> Greeted.open(door).finish()).isInstanceOf(ConnectException.class));
            assertThat(patient.echo("still here")).isEqualTo("still here");

            assertThatThrownBy(patient::read).isInstanceOf(SocketException.class).hasMessageContaining("reset");

            assertThat(fairlead.exitCode(AT_ONCE)).isZero();
            // A probe may have slipped in before the doors closed.
            assertThat(fairlead.accessLog().stream().map(AccessLine::end).filter(end -> !end.endsWith("/RELAY/FIN")))
                    .containsExactly("PROXY/RELAY/DRAIN_DEADLINE");
        }
    }

    /** Nobody listens where the cluster should be. */
    @Test
    void beforeAnyClusterHasAnsweredItSaysThatNothingWasServed() throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory).withSettings("""
                nodeName: n1
                healthzBindAddress: off
                metricsBindAddress: off
                kubernetes: {server: "http://%s:1"}
                """.formatted(Addresses.next()));
        setup.write();
        try (FairleadProcess fairlead = FairleadProcess.launch(setup)) {
            soon("told of the cluster").until(() -> fairlead.said().contains("cannot read the configuration, "));
            fairlead.terminate();

            assertThat(fairlead.exitCode(AT_ONCE)).isZero();
            assertThat(fairlead.said()).contains("cannot read the configuration, and there is none yet:",
                    "stopped    on SIGTERM, before anybody had said which services there are: nothing was served")
                    .doesNotContain("ready      in", "last good one");
        }
    }

    @Test
    void withoutConnectionsItEndsWithoutWaitingForTheDeadline() throws Exception {
        try (FairleadProcess fairlead = start("drain: {grace: 0s, deadline: 30s}")) {
            fairlead.terminate();

            assertThat(fairlead.exitCode(AT_ONCE)).isZero();
        }
    }

    @Test
    void aSecondSignalEndsItAtOnce() throws Exception {
        try (FairleadProcess fairlead = start("drain: {grace: 20s, deadline: 20s}");
                Greeted patient = Greeted.open(door)) {
            fairlead.terminate();
            soon("not ready").until(() -> fairlead.readiness() == 503);
            // A second signal within a tenth of a second counts as the echo of the first: timeout(1) sends both.
            await("later").pollDelay(Duration.ofMillis(500)).until(() -> true);
            assertThat(patient.echo("still here")).isEqualTo("still here");

            fairlead.terminate();

            fairlead.exitCode(AT_ONCE);
            assertThat(patient.over()).as("its connection is over").isTrue();
        }
    }

    private FairleadProcess start(String drain) throws IOException {
        return FairleadSetup.in(directory).withSettings(drain).start(
                KubernetesYaml.service("web", vip, 8000, "random"), KubernetesYaml.slice("web", 8080, List.of(ip)));
    }

    private static ConditionFactory soon(String what) {
        return await(what).atMost(Duration.ofSeconds(10)).pollInterval(Duration.ofMillis(50));
    }
}
