package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.load.Generators;
import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Statistics;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A load at full speed, and where latency is claimed a second one at a fixed rate that all can bear.
 *
 * @param latency whether there is an open loop
 * @param accessLog one line per connection by everybody, or none by anybody
 */
record LoadScenario(String id, String title, Unit unit, LoadRequest load, boolean latency, boolean accessLog,
        String reference, List<String> notes, List<Contender> contenders) implements Scenario {
    private static final double STARTING_SECONDS = 0.7;
    private static final double PART_OF_THE_SLOWEST = 0.7;
    private static final int MOST_WARM_UPS = 5;
    private static final double STEADY = 0.93;

    @Override
    public Metric headline() {
        return Metric.CPU;
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return taking * (STARTING_SECONDS + pace.warmUp(false)
                + pace.rounds() * (pace.settle() + pace.seconds())
                + (latency ? pace.rounds() * (pace.settle() + pace.pacedSeconds()) : 0)) + 3 * 3 * pace.warmUp(true);
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        Pace pace = stage.pace();
        try (Cast cast = stage.cast(contenders, List.of(load.endpoints()), accessLog)) {
            warmUp(cast, stage, load);
            cast.interleave("full speed", member -> {
                LoadReport report = member.generators().run(member.running(), load, pace.settle(), pace.seconds());
                member.tally().cost(report, unit, !member.running().pids().isEmpty());
            });
            double rate = latency ? partOfTheSlowest(cast, Metric.RATE) : 0;
            if (latency) {
                LoadRequest paced = load.atRate(rate);
                cast.interleave(String.format(Locale.ROOT, "open loop at %.0f/s", rate), member -> member.tally()
                        .latency(member.generators().run(member.running(), paced, pace.settle(), pace.pacedSeconds())));
            }
            return new Outcome(cast.rows(), rate, notes);
        }
    }

    /** Long where a JIT is at work: Fairlead's, and that of generators that have not had this load yet. */
    static void warmUp(Cast cast, Stage stage, LoadRequest load) throws IOException, InterruptedException {
        warmUp(cast, stage, load, Double.MAX_VALUE);
    }

    /** The same with at most so many seconds at a stretch. */
    static void warmUp(Cast cast, Stage stage, LoadRequest load, double most)
            throws IOException, InterruptedException {
        Set<Generators> warm = new HashSet<>();
        for (Cast.Member member : cast.members()) {
            stage.progress().step("warming " + member.running().name());
            boolean ours = member.family() == Family.FAIRLEAD;
            double seconds = Math.min(most, stage.pace().warmUp(warm.add(member.generators()) || ours));
            if (ours) {
                warmUntilSteady(member, load, seconds);
            } else {
                member.generators().warm(member.running(), load, seconds);
            }
        }
    }

    /** What is wanted is the proxy that has run for a while: until a unit costs what it cost the time before. */
    private static void warmUntilSteady(Cast.Member member, LoadRequest load, double seconds)
            throws IOException, InterruptedException {
        double before = Double.MAX_VALUE;
        for (int turn = 0; turn < MOST_WARM_UPS; turn++) {
            LoadReport report = member.generators().warm(member.running(), load, seconds);
            double cost = report.units() == 0 ? 0 : report.proxy().sum() / report.units();
            if (cost > before * STEADY) {
                return;
            }
            before = cost;
        }
    }

    /** Seventy of a hundred of what the slowest can do, so that nobody is measured in overload. */
    static double partOfTheSlowest(Cast cast, Metric rate) {
        return PART_OF_THE_SLOWEST * cast.members().stream()
                .mapToDouble(member -> Statistics.median(member.tally().values(rate))).min().orElse(0);
    }
}
