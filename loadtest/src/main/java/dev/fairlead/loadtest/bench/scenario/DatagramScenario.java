package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.machine.ReceiveBuffers;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests and replies in datagrams, with what of them is lost, overtaken and doubled: at full speed, or where the load
 * has a rate at that.
 */
record DatagramScenario(String id, String title, LoadRequest load, List<String> notes,
        List<Contender> contenders) implements Scenario {
    private static final double STARTING_SECONDS = 0.7;
    /** There are many of these scenarios, and a second is thousands of exchanges. */
    private static final double MOST_SECONDS = 1;

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
        return taking * (STARTING_SECONDS + pace.warmUp(false) + pace.rounds() * (settle(pace) + seconds(pace)))
                + 3 * 3 * pace.warmUp(true);
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        Pace pace = stage.pace();
        try (Cast cast = stage.cast(contenders, List.of(load.endpoints()), false)) {
            String buffers = buffers(cast);
            LoadScenario.warmUp(cast, stage, load);
            cast.interleave(load.rate() > 0 ? "open loop" : "full speed", member -> {
                LoadReport report = member.generators().run(member.running(), load, settle(pace), seconds(pace));
                Tally tally = member.tally();
                tally.cost(report, unit(), !member.running().pids().isEmpty());
                tally.datagrams(report);
                if (load.rate() > 0) {
                    tally.latency(report.latency());
                }
            });
            return new Outcome(cast.rows(), load.rate(), Stream.concat(notes.stream(), Stream.of(buffers)).toList());
        }
    }

    private static double seconds(Pace pace) {
        return Math.min(pace.seconds(), MOST_SECONDS);
    }

    /** At a rate, flows end as fast as they begin only after their idle time. */
    private double settle(Pace pace) {
        int idle = load.endpoints().flows().map(EndpointKind.Flows::idleSeconds).orElse(0);
        return pace.settle() + (load.rate() > 0 ? idle : 0);
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
        return "Receive buffers of the frontends in bytes, as the kernel gives them unasked: "
                + owners.entrySet().stream()
                        .map(entry -> (entry.getKey().isEmpty() ? "not read" : words(entry.getKey()))
                                + (owners.size() == 1 ? " for all" : " for " + String.join(", ", entry.getValue())))
                        .collect(Collectors.joining("; "));
    }

    private static String words(Set<Long> sizes) {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining(" and "));
    }
}
