package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.List;

/** What small exchanges suffer from bulk streams on the same event loop. */
record FairnessScenario(String id, String title, List<Contender> contenders) implements Scenario {
    private static final double EXCHANGES_PER_SECOND = 800;
    private static final LoadRequest PING_PONG = new LoadRequest("pingpong", EndpointKind.ECHO, 8);
    private static final LoadRequest BULK = new LoadRequest("bulk-down", EndpointKind.SOURCE, 4);

    @Override
    public Unit unit() {
        return Unit.GIGABYTE;
    }

    @Override
    public Metric headline() {
        return Metric.P99;
    }

    @Override
    public String reference() {
        return "";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return taking * (1.5 + pace.rounds() * (pace.settle() + pace.seconds() + 0.2)) + 3 * pace.warmUp(true);
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        Pace pace = stage.pace();
        LoadRequest paced = PING_PONG.atRate(EXCHANGES_PER_SECOND);
        try (Cast cast = stage.cast(contenders, List.of(EndpointKind.ECHO, EndpointKind.SOURCE), false)) {
            LoadScenario.warmUp(cast, stage, PING_PONG);
            LoadScenario.warmUp(cast, stage, BULK);
            cast.interleave("ping-pong beside bulk", member -> {
                member.generators().background(member.running(), BULK);
                member.tally()
                        .latency(member.generators().run(member.running(), paced, pace.settle(), pace.seconds()));
                LoadReport beside = member.generators().stopBackground();
                member.tally().add(Metric.BESIDE, unit().rate(beside.rate()));
                member.tally().errors(beside);
            });
            return new Outcome(cast.rows(), EXCHANGES_PER_SECOND, List.of(
                    "One event loop, thread or worker each; 8 connections exchange 64 B, 4 streams run at full speed "
                            + "beside them."));
        }
    }
}
