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
    private static final int STREAMS = 4;
    private static final LoadRequest BULK = new LoadRequest("bulk-down", EndpointKind.SOURCE, STREAMS);
    private static final double BYTES_PER_GIGABYTE = 1e9;

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
        return taking * (1.5 + 2 * pace.rounds() * (pace.settle() + pace.seconds() + 0.2)) + 3 * pace.warmUp(true);
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        Pace pace = stage.pace();
        try (Cast cast = stage.cast(contenders, List.of(EndpointKind.ECHO, EndpointKind.SOURCE), false)) {
            LoadScenario.warmUp(cast, stage, PING_PONG);
            LoadScenario.warmUp(cast, stage, BULK);
            cast.interleave("ping-pong beside bulk at full speed",
                    member -> beside(member, BULK, pace, Metric.BESIDE_FULL, Metric.P99_FULL));
            LoadRequest even = new LoadRequest("slow", EndpointKind.SOURCE, STREAMS).with("bytesPerSecond",
                    Math.max(1, Math.round(
                            LoadScenario.partOfTheSlowest(cast, Metric.BESIDE_FULL) * BYTES_PER_GIGABYTE / STREAMS)));
            cast.interleave("ping-pong beside even bulk",
                    member -> beside(member, even, pace, Metric.BESIDE, Metric.P99));
            return new Outcome(cast.rows(), EXCHANGES_PER_SECOND, List.of(
                    "One event loop, thread or worker each; 8 connections exchange 64 B beside 4 streams. In the columns "
                            + "called full the streams are as fast as each can make them; in the others all carry the "
                            + "same, 70 % of what the slowest can."));
        }
    }

    private void beside(Cast.Member member, LoadRequest bulk, Pace pace, Metric rate, Metric p99)
            throws IOException, InterruptedException {
        member.generators().background(member.running(), bulk);
        LoadReport exchanges = member.generators().run(member.running(), PING_PONG.atRate(EXCHANGES_PER_SECOND),
                pace.settle(), pace.seconds());
        LoadReport streams = member.generators().stopBackground();
        member.tally().errors(streams);
        member.tally().add(rate, unit().rate(streams.rate()));
        member.tally().p99(p99, exchanges);
    }
}
