package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.machine.ReceiveBuffers;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests and replies in datagrams, with what of them is lost, overtaken and doubled.
 *
 * @param speed how fast they come
 */
record DatagramScenario(String id, String title, LoadRequest load, Speed speed,
        List<Contender> contenders) implements Scenario {
    /** How fast requests come. */
    enum Speed {
        /** At full speed, with no more in flight than buffers hold: what is lost is an error. */
        FULL,
        /**
         * At full speed with more in flight than that, whose loss is reported, and then at a rate that all can bear,
         * where it is an error.
         */
        FULL_THEN_PACED,
        /** At the load's own rate. */
        OWN_RATE
    }

    private static final double STARTING_SECONDS = 0.7;
    /** There are many of these scenarios, and a second is thousands of exchanges. */
    private static final double MOST_SECONDS = 0.8;
    private static final double MOST_PACED_SECONDS = 0.6;
    private static final double MOST_WARM_UP = 2;
    /** What an overload does to datagrams. */
    private static final Set<String> DROPPED = Set.of("lost", "late");

    @Override
    public Unit unit() {
        return Unit.EXCHANGE;
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
        double turn = settle(pace) + seconds(pace)
                + (speed == Speed.FULL_THEN_PACED ? pace.settle() + pacedSeconds(pace) : 0);
        return taking * (STARTING_SECONDS + pace.warmUp(false) + pace.rounds() * turn)
                + 3 * 3 * Math.min(MOST_WARM_UP, pace.warmUp(true));
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        Pace pace = stage.pace();
        try (Cast cast = stage.cast(contenders, List.of(load.endpoints()), false)) {
            List<String> notes = new ArrayList<>();
            notes.add(buffers(cast));
            LoadScenario.warmUp(cast, stage, load, MOST_WARM_UP);
            cast.interleave(load.rate() > 0 ? "open loop" : "full speed",
                    member -> atOnce(member, pace));
            double rate = load.rate();
            if (speed == Speed.FULL_THEN_PACED) {
                rate = LoadScenario.partOfTheSlowest(cast, Metric.RATE);
                LoadRequest paced = load.atRate(rate);
                cast.interleave("open loop", member -> {
                    LoadReport report = member.generators().run(member.running(), paced, pace.settle(),
                            pacedSeconds(pace));
                    member.tally().latency(report);
                    member.tally().add(Metric.LOST, (double) report.errors("lost"));
                });
                notes.add(
                        "At full speed more requests are in flight than buffers hold: what of them is lost (lost full) is"
                                + " no error, what is lost in the open loop is one.");
            }
            notes.add(String.format(Locale.ROOT, "%d rounds of %.1f s.", pace.rounds(), seconds(pace)));
            return new Outcome(cast.rows(), rate, notes);
        }
    }

    private void atOnce(Cast.Member member, Pace pace) throws IOException, InterruptedException {
        LoadReport report = member.generators().run(member.running(), load, settle(pace), seconds(pace));
        Tally tally = member.tally();
        boolean overload = speed == Speed.FULL_THEN_PACED;
        tally.cost(overload ? report.without(DROPPED) : report, unit(), !member.running().pids().isEmpty());
        tally.add(overload ? Metric.LOST_FULL : Metric.LOST, (double) report.errors("lost"));
        tally.add(Metric.REORDERED, (double) report.errors("reordered"));
        tally.add(Metric.DUPLICATES, (double) report.errors("duplicate"));
        if (load.rate() > 0) {
            // Its errors are counted above.
            tally.latency(report.without(report.errorKinds().keySet()));
        }
    }

    private static double seconds(Pace pace) {
        return Math.min(pace.seconds(), MOST_SECONDS);
    }

    private static double pacedSeconds(Pace pace) {
        return Math.min(pace.pacedSeconds(), MOST_PACED_SECONDS);
    }

    /** At a rate of their own, flows end as fast as they begin only after their idle time. */
    private double settle(Pace pace) {
        int idle = load.endpoints().flows().map(EndpointKind.Flows::idleSeconds).orElse(0);
        return pace.settle() + (speed == Speed.OWN_RATE ? idle : 0);
    }

    /** Whoever had a larger one would lose less, and a comparison of loss would be one of buffers. */
    private static String buffers(Cast cast) throws IOException, InterruptedException {
        Map<Set<Long>, List<String>> owners = new TreeMap<>((one, other) -> one.toString().compareTo(other.toString()));
        for (Cast.Member member : cast.members()) {
            if (!member.running().pids().isEmpty()) {
                int port = member.running().assignment().ports().iterator().next();
                owners.merge(ReceiveBuffers.of(member.running().network(), port), List.of(member.running().name()),
                        (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
            }
        }
        return "Receive buffers of the frontends in bytes, as the kernel counts them: "
                + owners.entrySet().stream()
                        .map(entry -> (entry.getKey().isEmpty() ? "not read" : words(entry.getKey()))
                                + (owners.size() == 1 ? " for all" : " for " + String.join(", ", entry.getValue())))
                        .collect(Collectors.joining("; "));
    }

    private static String words(Set<Long> sizes) {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining(" and "));
    }
}
