package dev.fairlead.loadtest.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.loadtest.bench.contender.Assignment;
import dev.fairlead.loadtest.bench.contender.Buffers;
import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.DataPathName;
import dev.fairlead.loadtest.bench.contender.Direct;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.contender.Haproxy;
import dev.fairlead.loadtest.bench.contender.Nginx;
import dev.fairlead.loadtest.bench.contender.Running;
import dev.fairlead.loadtest.bench.load.GeneratorLaunch;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.machine.Command;
import dev.fairlead.loadtest.bench.machine.Network;
import dev.fairlead.loadtest.bench.machine.Networks;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Row;
import dev.fairlead.loadtest.bench.result.Unit;
import dev.fairlead.loadtest.bench.standin.StandIn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StageTest {
    private static final LoadRequest CONNECT = new LoadRequest("connect", EndpointKind.REPLY, 4);
    private static final Haproxy HAPROXY = new Haproxy(1, Buffers.DEFAULT);
    private static final Nginx NGINX = new Nginx(1, Buffers.DEFAULT);

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();
    private final Networks networks = Networks.loopback("a test");
    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Command.find("haproxy").isPresent(), "needs the command haproxy, which is not installed");
        assumeTrue(Nginx.installed(), "needs nginx with its stream module, which is not installed");
        GeneratorLaunch standIn = new GeneratorLaunch(System.getProperty("java.class.path"), StandIn.class.getName());
        stage = new Stage(networks, standIn, directory, EnumSet.allOf(Family.class), new Pace(2, 0.4, 0, 1, 40),
                new Listed());
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void contendersTakeTurnsAndLatencyComesFromASecondLoop() throws Exception {
        Outcome outcome = load(true, List.of(HAPROXY, NGINX, new Direct())).run(stage);

        assertThat(said.stream().filter(step -> step.contains("round"))).hasSize(12).startsWith(
                "haproxy-1, full speed, round 1 of 2", "nginx-1, full speed, round 1 of 2",
                "direct, full speed, round 1 of 2", "haproxy-1, full speed, round 2 of 2");
        assertThat(outcome.openLoopRate()).isPositive();
        assertThat(outcome.rows()).extracting(Row::contender).containsExactly("haproxy-1", "nginx-1", "direct");
        assertThat(outcome.rows()).allSatisfy(row -> {
            assertThat(row.errors()).isZero();
            assertThat(row.values(Metric.RATE)).hasSize(2).allSatisfy(rate -> assertThat(rate).isPositive());
            assertThat(row.values(Metric.P99)).containsExactly(0.02, 0.02);
        });
        assertThat(outcome.rows().subList(0, 2)).allSatisfy(
                row -> assertThat(row.values(Metric.CPU)).hasSize(2).allSatisfy(cpu -> assertThat(cpu).isPositive()));
        assertThat(outcome.rows().getLast().values(Metric.CPU)).isEmpty();
    }

    @Test
    void aProxyThatIsStoppedFailsTheMeasurementAndTheMessageNamesIt() throws Exception {
        Network network = networks.plain();
        Assignment assignment = Assignment.of(network, directory, 0, List.of(EndpointKind.REPLY), false);
        try (Running running = HAPROXY.start(assignment)) {
            assertThat(stage.generators(network).run(running, CONNECT, 0, 2).units()).isPositive();

            running.stop();

            assertThatThrownBy(() -> stage.generators(network).run(running, CONNECT, 0, 0.3))
                    .isInstanceOf(IOException.class).hasMessageContaining("haproxy-1 has ended");
        }
        Running asIfItRan = new Running(HAPROXY, assignment, Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> stage.generators(network).run(asIfItRan, CONNECT, 0, 0.3))
                .hasMessageContaining("haproxy-1 at 127.96.0.10:2000 was not reached: 0 units of connect")
                .hasMessageContaining("failed=");
    }

    @Test
    void aContenderThatDoesNotStartIsAbsentWithItsReasonAndWithoutAnyFairleadThereIsNothingToMeasure()
            throws Exception {
        Contender broken = Fairlead.on(DataPathName.IO_URING, List.of("false"));

        assertThatThrownBy(() -> load(false, List.of(broken, NGINX)).run(stage))
                .hasMessageContaining("nobody to measure")
                .hasMessageContaining("fairlead-uring ended with exit code 1");
        assertThat(said).anyMatch(note -> note.startsWith("fairlead-uring takes no part: "));
    }

    @Test
    void connectionsThatDoNothingAreWeighed() throws Exception {
        Outcome outcome = new IdleScenario("idle", "idle", EndpointKind.ECHO, 9900, 5, List.of(NGINX)).run(stage);

        assertThat(outcome.rows()).singleElement().satisfies(row -> {
            assertThat(row.errors()).isZero();
            assertThat(row.values(Metric.MEMORY_LOADED)).hasSize(2).allSatisfy(mb -> assertThat(mb).isPositive());
            assertThat(row.values(Metric.MEMORY_EACH)).hasSize(2);
        });
        assertThat(outcome.notes()).first().asString().startsWith("40 connections");
    }

    @Test
    void endpointsComeAndGoUnderLoadAndNoConnectionIsLost() throws Exception {
        Outcome outcome = new ChurnScenario("churn", "churn", CONNECT, List.of(HAPROXY)).run(stage);

        assertThat(outcome.rows()).singleElement().satisfies(row -> {
            assertThat(row.errorKinds()).allSatisfy((kind, count) -> assertThat(count).isZero());
            assertThat(row.values(Metric.CPU)).hasSize(2);
        });
    }

    @Test
    void smallExchangesAreTimedBesideBulk() throws Exception {
        Outcome outcome = new FairnessScenario("fairness", "fairness", List.of(HAPROXY)).run(stage);

        assertThat(outcome.rows()).singleElement().satisfies(row -> {
            assertThat(row.errors()).isZero();
            assertThat(row.values(Metric.P99)).hasSize(2);
            assertThat(row.values(Metric.BESIDE)).hasSize(2).allSatisfy(rate -> assertThat(rate).isPositive());
        });
    }

    @Test
    void aStartIsTimedFromExecToTheFirstAnswer() throws Exception {
        Outcome outcome = new StartScenario("start", "start", List.of(HAPROXY, NGINX)).run(stage);

        assertThat(outcome.rows()).extracting(Row::contender).containsExactly("haproxy-1", "nginx-1");
        assertThat(outcome.rows()).allSatisfy(row -> assertThat(row.values(Metric.START)).hasSize(6)
                .allSatisfy(millis -> assertThat(millis).isPositive()));
    }

    private static LoadScenario load(boolean latency, List<Contender> contenders) {
        return new LoadScenario("connect", "connect", Unit.CONNECTION, CONNECT, latency, false, "", List.of(),
                contenders);
    }

    private final class Listed implements Progress {
        @Override
        public void begin(String scenario, double seconds) {
            said.add(scenario);
        }

        @Override
        public void step(String what) {
            said.add(what);
        }

        @Override
        public void note(String text) {
            said.add(text);
        }
    }
}
