package dev.fairlead.loadtest.bench.result;

import static dev.fairlead.loadtest.bench.result.Results.figures;
import static dev.fairlead.loadtest.bench.result.Results.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.loadtest.bench.contender.DataPathName;
import dev.fairlead.loadtest.bench.scenario.Scenario;
import dev.fairlead.loadtest.bench.scenario.Scenarios;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoalsTest {
    private static final Row HAPROXY = row("haproxy-1", figures(Metric.CPU, 100.0), figures(Metric.RATE, 10_000.0),
            figures(Metric.P99, 6.0));
    private static final Row NGINX = row("nginx-2", figures(Metric.CPU, 98.0), figures(Metric.RATE, 10_200.0),
            figures(Metric.P99, 7.0));

    @Test
    void aGoalIsMetWhenAllOfItsConditionsHold() {
        Row fairlead = row("fairlead-epoll", figures(Metric.CPU, 96.0), figures(Metric.RATE, 10_100.0),
                figures(Metric.P99, 6.0));

        assertThat(line("connect-64", Results.scenario("connect-64", fairlead, HAPROXY, NGINX)))
                .contains("CPU 0.96 × HAProxy, CPU 0.98 × nginx, rate 1.01 × HAProxy, rate 0.99 × nginx, "
                        + "p99 ms 1.00 × the better peer")
                .endsWith("| met |");
    }

    @Test
    void oneConditionMissedIsAGoalMissed() {
        Row fairlead = row("fairlead-epoll", figures(Metric.CPU, 96.0), figures(Metric.RATE, 10_100.0),
                figures(Metric.P99, 6.1));

        assertThat(line("connect-64", Results.scenario("connect-64", fairlead, HAPROXY, NGINX)))
                .contains("p99 ms 1.02 × the better peer").endsWith("| **missed** |");
    }

    @Test
    void withoutTheOthersFigureAGoalIsNotMeasuredAndNotMet() {
        Row fairlead = row("fairlead-epoll", figures(Metric.CPU, 96.0), figures(Metric.RATE, 10_100.0),
                figures(Metric.P99, 6.0));

        assertThat(line("connect-64", Results.scenario("connect-64", fairlead, HAPROXY)))
                .contains("CPU not measured").endsWith("| not measured |");
        assertThat(line("connect-64", Results.scenario("pingpong-1", fairlead))).endsWith("| not measured |");
    }

    @Test
    void errorsStandBesideTheVerdict() {
        Row fairlead = new Row("fairlead", Map.of(Metric.START, List.of(190.0)), 4, Map.of("reset", 4L), "");

        assertThat(line("start", result("start", Metric.START, fairlead)))
                .endsWith("| start ms ≤ 200 | fairlead | start ms 190 | 0 % | met, 4 errors |");
    }

    @Test
    void bulkIsComparedWithTunedPeersAndWithTheirDefaultsAndWithTheKernel() {
        Row fairlead = row("fairlead-uring", figures(Metric.CPU, 0.10), figures(Metric.RATE, 5.5));

        assertThat(line("bulk-1-down", Results.scenario("bulk-1-down", fairlead,
                row("haproxy-splice-1", figures(Metric.CPU, 0.20), figures(Metric.RATE, 5.0)),
                row("haproxy-1", figures(Metric.CPU, 0.46), figures(Metric.RATE, 2.5)),
                row("dnat", figures(Metric.RATE, 6.0)))))
                .contains("CPU 0.50 × the better peer, rate 0.92 × kernel DNAT, rate 2.20 × the peers' defaults")
                .endsWith("| met |");
    }

    @Test
    void bulkIsAlsoComparedWithoutTheTunedPipes() {
        ScenarioResult result = Results.scenario("bulk-8-up", row("fairlead-uring", figures(Metric.CPU, 0.08)),
                row("haproxy-splice-1m-1", figures(Metric.CPU, 0.08)),
                row("haproxy-splice-1", figures(Metric.CPU, 0.20)),
                row("nginx-256k-1", figures(Metric.CPU, 0.25)));

        assertThat(Goals.all().stream().filter(goal -> goal.scenario().equals("bulk-8-up"))
                .map(goal -> goal.line(List.of(result)))).satisfiesExactly(
                        best -> assertThat(best).contains("CPU 1.00 × the better peer").endsWith("| **missed** |"),
                        untuned -> assertThat(untuned).contains("CPU 0.40 × forced splice or 256 KiB buffers")
                                .endsWith("| met |"));
    }

    @Test
    void ofSeveralFastPathsTheOneWithTheBetterHeadlineIsJudgedAndThePortableOneOnlyReported() {
        ScenarioResult result = Results.scenario("pingpong-64", row("fairlead-epoll", figures(Metric.CPU, 9.6)),
                row("fairlead-uring", figures(Metric.CPU, 9.1)), row("fairlead-channel", figures(Metric.CPU, 8.0)),
                row("haproxy-1", figures(Metric.CPU, 10.0)));

        assertThat(Goals.all().stream().filter(goal -> goal.scenario().equals("pingpong-64"))
                .map(goal -> goal.line(List.of(result)))).satisfiesExactly(
                        fast -> assertThat(fast).contains("| fairlead-uring | CPU 0.91 × the better peer"),
                        portable -> assertThat(portable).contains("| reported | fairlead-channel | CPU 0.80")
                                .endsWith("|  |"));
    }

    @Test
    void everyGoalIsAboutAScenarioThatExists() {
        Scenarios all = new Scenarios(List.of("./fairlead"), DataPathName.measured(), Scenarios.Extent.full(60));
        Stream<String> known = Stream.concat(all.table().stream(), all.apart().stream()).map(Scenario::id);

        assertThat(known.toList()).containsAll(Goals.all().stream().map(Goal::scenario).toList());
    }

    private static String line(String scenario, ScenarioResult result) {
        return Goals.all().stream().filter(goal -> goal.scenario().equals(scenario)).findFirst().orElseThrow()
                .line(List.of(result));
    }

    private static ScenarioResult result(String id, Metric headline, Row... rows) {
        return new ScenarioResult(id, id, Unit.CONNECTION, headline, "", "2026-11-24", Map.of(), List.of(), 1, 2, 0,
                List.of(rows));
    }
}
