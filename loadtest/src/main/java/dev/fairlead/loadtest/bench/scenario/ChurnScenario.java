package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.List;

/** New connections while endpoints come and go five times a second. */
record ChurnScenario(String id, String title, LoadRequest load, List<Contender> contenders) implements Scenario {
    @Override
    public Unit unit() {
        return Unit.CONNECTION;
    }

    @Override
    public Metric headline() {
        return Metric.CPU;
    }

    @Override
    public String reference() {
        return "";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return taking * (1.2 + pace.rounds() * (pace.settle() + pace.seconds())) + 3 * pace.warmUp(true);
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        Pace pace = stage.pace();
        try (Cast cast = stage.cast(contenders, List.of(load.endpoints()), false)) {
            LoadScenario.warmUp(cast, stage, load);
            cast.interleave("endpoints come and go", member -> {
                LoadReport report;
                try (Churn churn = Churn.start(member.running())) {
                    report = member.generators().run(member.running(), load, pace.settle(), pace.seconds());
                    churn.assertWorked();
                }
                member.tally().cost(report, unit(), true);
            });
            return new Outcome(cast.rows(), 0,
                    List.of("Three endpoints, of which two serve, every 200 ms another two. Fairlead's configuration file "
                            + "is replaced, HAProxy is told by its runtime API; nginx would have to be reloaded, which "
                            + "starts new workers, and takes no part."));
        }
    }
}
