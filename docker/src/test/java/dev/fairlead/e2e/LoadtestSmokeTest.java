package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.loadtest.bench.contender.Assignment;
import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.DataPathName;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.contender.Running;
import dev.fairlead.loadtest.bench.load.GeneratorLaunch;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.machine.Networks;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Row;
import dev.fairlead.loadtest.bench.scenario.ClusterSize;
import dev.fairlead.loadtest.bench.scenario.Outcome;
import dev.fairlead.loadtest.bench.scenario.Pace;
import dev.fairlead.loadtest.bench.scenario.Progress;
import dev.fairlead.loadtest.bench.scenario.Scenario;
import dev.fairlead.loadtest.bench.scenario.Scenarios;
import dev.fairlead.loadtest.bench.scenario.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every scenario of {@code loadtest/run} for a moment: that it measures something and loses nothing, not how fast.
 * Fairlead takes part, and, since it costs no start, no proxy at all.
 */
@Timeout(120)
class LoadtestSmokeTest {
    private static final Scenarios.Extent SMALL = new Scenarios.Extent(List.of(10, 100),
            new ClusterSize(50, 5, 10), 3, 2000);
    private static final Set<Metric> COUNTED = EnumSet.of(Metric.RATE, Metric.MEMORY_LOADED, Metric.START, Metric.P99,
            Metric.CHANGE_P50, Metric.LEFT_DESCRIPTORS);

    @TempDir
    static Path directory;

    private static Networks networks;
    private static Stage stage;

    @BeforeAll
    static void set() throws Exception {
        Requires.linux();
        Requires.command("ip");
        networks = Networks.open();
        stage = new Stage(networks, GeneratorLaunch.beside(), directory,
                EnumSet.of(Family.FAIRLEAD, Family.DIRECT), new Pace(1, 0.5, 0, 0.1, 200), new Silent());
    }

    @AfterAll
    static void strike() {
        if (stage != null) {
            stage.close();
        }
    }

    static Stream<String> ids() {
        return scenarios().map(Scenario::id);
    }

    private static Stream<Scenario> scenarios() {
        Scenarios all = new Scenarios(launch(), List.of(DataPathName.AUTO), SMALL);
        return Stream.concat(all.table().stream(), all.apart().stream());
    }

    @ParameterizedTest
    @MethodSource("ids")
    void aScenarioCountsUnitsAndLosesNone(String id) throws Exception {
        Scenario scenario = scenarios().filter(candidate -> candidate.id().equals(id)).findFirst().orElseThrow();

        Outcome outcome = scenario.run(stage);

        assertThat(outcome.rows()).extracting(Row::family).contains(Family.FAIRLEAD);
        assertThat(outcome.rows()).allSatisfy(row -> {
            assertThat(row.note()).as("%s takes part", row.contender()).isEmpty();
            assertThat(row.errors()).as("%s had %s", row.contender(), row.errorKinds()).isZero();
            assertThat(row.rounds().keySet()).containsAnyElementsOf(COUNTED);
            assertThat(row.values(Metric.RATE)).allSatisfy(rate -> assertThat(rate).isPositive());
            assertThat(row.values(Metric.CPU)).allSatisfy(cpu -> assertThat(cpu).isPositive());
        });
    }

    @Test
    void aFairleadThatIsStoppedFailsTheMeasurementAndTheMessageNamesIt() throws Exception {
        Contender fairlead = Fairlead.on(DataPathName.AUTO, launch());
        LoadRequest connect = new LoadRequest("connect", EndpointKind.REPLY, 8);
        Assignment assignment = Assignment.of(networks.plain(),
                Files.createDirectories(directory.resolve("stopped")), 90, List.of(EndpointKind.REPLY), false);
        try (Running running = fairlead.start(assignment)) {
            assertThat(stage.generators(networks.plain()).run(running, connect, 0, 2).units()).isPositive();

            running.stop();

            assertThatThrownBy(() -> stage.generators(networks.plain()).run(running, connect, 0, 0.3))
                    .isInstanceOf(IOException.class).hasMessageContaining("fairlead has ended");
        }
    }

    private static List<String> launch() {
        return FairleadProgram.command();
    }

    private static final class Silent implements Progress {
        @Override
        public void begin(String scenario, double seconds) {
        }

        @Override
        public void step(String what) {
        }

        @Override
        public void note(String text) {
        }
    }
}
