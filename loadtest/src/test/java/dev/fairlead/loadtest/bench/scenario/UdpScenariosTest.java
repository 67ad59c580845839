package dev.fairlead.loadtest.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.loadtest.bench.contender.DataPathName;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.contender.Nginx;
import dev.fairlead.loadtest.bench.load.GeneratorLaunch;
import dev.fairlead.loadtest.bench.machine.Networks;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Row;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With the real generator, in front of nginx and of nobody: the stand-in knows no datagrams. */
@Timeout(60)
class UdpScenariosTest {
    @TempDir
    Path directory;

    private Stage stage;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Nginx.installed(), "needs nginx with its stream module, which is not installed");
        stage = new Stage(Networks.loopback("a test"), GeneratorLaunch.beside(), directory,
                EnumSet.of(Family.NGINX, Family.DIRECT), new Pace(1, 0.4, 0, 0.3, 300), new Silent());
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void lossAndOrderStandBesideCostAndRate() throws Exception {
        assertThat(run("udp-burst")).isNotEmpty().allSatisfy(row -> {
            assertThat(row.values(Metric.RATE)).hasSize(1).allSatisfy(rate -> assertThat(rate).isPositive());
            assertThat(row.values(Metric.CPU)).hasSize(1).allSatisfy(cpu -> assertThat(cpu).isPositive());
            assertThat(row.values(Metric.LOST)).containsExactly(0.0);
            assertThat(row.values(Metric.REORDERED)).containsExactly(0.0);
            assertThat(row.values(Metric.DUPLICATES)).containsExactly(0.0);
        });
    }

    @Test
    void whatIsLostAtFullSpeedIsReportedAndWhatIsLostLaterIsAnError() throws Exception {
        List<Row> rows = run("udp-fixed-1200");

        assertThat(rows).extracting(Row::contender).containsExactly("nginx-1", "nginx-2");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.values(Metric.LOST_FULL)).hasSize(1);
            assertThat((double) row.errors()).isEqualTo(row.values(Metric.LOST).getFirst());
            assertThat(row.values(Metric.P99)).hasSize(1).allSatisfy(millis -> assertThat(millis).isPositive());
        });
    }

    @Test
    void idleFlowsAreWeighedWithTheirDescriptors() throws Exception {
        assertThat(run("udp-idle")).singleElement().satisfies(row -> {
            assertThat(row.errors()).isZero();
            assertThat(row.values(Metric.MEMORY_EACH)).hasSize(1);
            // A socket for each flow.
            assertThat(row.values(Metric.DESCRIPTORS).getFirst()).isGreaterThan(300);
            assertThat(row.values(Metric.HEAP_EACH)).isEmpty();
        });
    }

    @Test
    void establishedFlowsAreTimedBeforeAndDuringAFlood() throws Exception {
        assertThat(run("udp-flood")).hasSize(2).allSatisfy(row -> {
            assertThat(row.errors()).isZero();
            assertThat(row.values(Metric.P99)).hasSize(1);
            assertThat(row.values(Metric.FLOOD_P99)).hasSize(1);
            assertThat(row.values(Metric.FLOOD_LOST)).hasSize(1);
            // Each source has a flow, and each flow a socket.
            assertThat(row.values(Metric.DESCRIPTORS).getFirst()).isGreaterThan(1000);
        });
    }

    private List<Row> run(String id) throws Exception {
        Scenarios all = new Scenarios(List.of("false"), DataPathName.measured(),
                new Scenarios.Extent(List.of(10), ClusterSize.FULL, 1, 1000));
        Scenario scenario = Stream.concat(all.table().stream(), all.apart().stream())
                .filter(one -> one.id().equals(id)).findFirst().orElseThrow();
        return scenario.run(stage).rows();
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
