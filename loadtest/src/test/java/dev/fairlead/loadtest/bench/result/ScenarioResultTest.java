package dev.fairlead.loadtest.bench.result;

import static dev.fairlead.loadtest.bench.result.Results.figures;
import static dev.fairlead.loadtest.bench.result.Results.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScenarioResultTest {
    private static final Row FAIRLEAD = row("fairlead-epoll", figures(Metric.CPU, 50.0, 54.0, 52.0),
            figures(Metric.RATE, 17_000.0, 17_200.0, 16_900.0), figures(Metric.GENERATOR_USER, 5.0, 6.0, 7.0));
    private static final Row HAPROXY_1 = row("haproxy-1", figures(Metric.CPU, 58.0, 57.0, 65.0),
            figures(Metric.RATE, 16_000.0, 16_400.0, 16_200.0));
    private static final Row HAPROXY_2 = row("haproxy-2", figures(Metric.CPU, 62.0, 63.0, 61.0),
            figures(Metric.RATE, 17_000.0, 17_500.0, 18_000.0));
    private static final Row DIRECT = row("direct", figures(Metric.RATE, 22_000.0, 22_100.0, 22_200.0));
    private static final ScenarioResult RESULT = Results.scenario("connect-64", FAIRLEAD, HAPROXY_1, HAPROXY_2, DIRECT);

    @Test
    void theBestPeerIsTheLeastCpuAndTheMostRateEachOnItsOwn() {
        assertThat(RESULT.ratio(FAIRLEAD, Metric.CPU).orElseThrow()).isCloseTo(52.0 / 58, within(1e-9));
        assertThat(RESULT.ratio(FAIRLEAD, Metric.RATE).orElseThrow()).isCloseTo(17_000.0 / 17_500, within(1e-9));
    }

    @Test
    void noProxyIsNoPeerAndHasNoCpu() {
        assertThat(RESULT.ratio(DIRECT, Metric.CPU)).isEmpty();
        assertThat(Results.scenario("x", FAIRLEAD, DIRECT).yardstick(Metric.RATE)).isEmpty();
    }

    @Test
    void aReferenceTakesThePlaceOfTheBestPeer() {
        ScenarioResult result = new ScenarioResult("services-connect", "t", Unit.CONNECTION, Metric.CPU, "fairlead-10",
                "2026-11-24", Map.of(), List.of(), 1, 2, 0,
                List.of(row("fairlead-10", figures(Metric.CPU, 50.0)), row("fairlead-1000", figures(Metric.CPU, 55.0)),
                        HAPROXY_1));

        assertThat(result.ratio(result.rows().get(1), Metric.CPU).orElseThrow()).isCloseTo(1.1, within(1e-9));
    }

    @Test
    void aGeneratorThatUsesMoreThanAThirdOfTheProxysCpuInUserModeIsFlagged() {
        assertThat(FAIRLEAD.generatorHeavy()).isFalse();
        Row heavy = row("nginx-1", figures(Metric.CPU, 9.0), figures(Metric.GENERATOR_USER, 3.1));
        assertThat(heavy.generatorHeavy()).isTrue();
        assertThat(Table.of(Results.scenario("x", heavy))).contains("nginx-1: the generator's user time is above");
    }

    @Test
    void theTableHasALinePerContenderAndMarksErrors() {
        Row failing = new Row("nginx-1", Map.of(Metric.CPU, List.of(57.0), Metric.RATE, List.of(16_800.0)), 3,
                Map.of("reset", 3L), "");

        assertThat(Table.of(Results.scenario("connect-64", FAIRLEAD, HAPROXY_1, failing, DIRECT,
                Row.absent("fairlead-uring", "takes no part: io_uring is forbidden")))).isEqualTo("""
                        connect-64: work of connect-64
                          medians of 3 rounds of 2.0 s, latency at 9,800/s (open loop); ratios to the best peer
                          contender       connections/s  ratio  CPU µs/connection  ratio  gen user  spread  errors
                          fairlead-epoll         17,000   1.01               52.0   0.91      6.00      8%       0
                          haproxy-1              16,200   0.96               58.0   1.02         -     14%       0
                          nginx-1                16,800   1.00               57.0   1.00         -      0%     3 !
                          direct                 22,100   1.32                  -      -         -      1%       0
                          nginx-1 had errors: {reset=3}
                          fairlead-uring: takes no part: io_uring is forbidden
                        """);
    }

    @Test
    void whatIsWrittenIsReadBack(@TempDir Path directory) throws Exception {
        ResultFiles.write(directory, RESULT);

        assertThat(ResultFiles.read(directory)).containsExactly(RESULT);
        assertThat(ResultFiles.read(directory.resolve("nothing"))).isEmpty();
    }

    @Test
    void aFileThatIsNoResultIsNamed(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("odd.json"), "{\"rows\": 7}");

        assertThatThrownBy(() -> ResultFiles.read(directory))
                .hasMessageContaining("odd.json is not a result");
    }
}
