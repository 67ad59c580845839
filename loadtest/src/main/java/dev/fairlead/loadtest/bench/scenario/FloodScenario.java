package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.load.Flooder;
import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.load.LoadRequest;
import dev.fairlead.loadtest.bench.machine.ProcessFacts;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What 64 established flows notice of a flood from sources that are never seen again, and what it leaves behind. Every
 * round has fresh processes, one at a time.
 *
 * @param sources how many, each of which sends one datagram
 * @param answered whether the endpoints reply to the flood, as a server does to whoever asks
 */
record FloodScenario(String id, String title, int sources, boolean answered,
        List<Contender> contenders) implements Scenario {
    private static final EndpointKind KIND = EndpointKind.UDP_FLOOD;
    private static final LoadRequest ESTABLISHED = new LoadRequest("udp-fixed", KIND, 64).atRate(2000);
    private static final LoadRequest WARM_UP = new LoadRequest("udp-fixed", KIND, 64);
    private static final int FLOOD_PER_SECOND = 20_000;
    private static final int MOST_ROUNDS = 2;
    private static final double LOOK_SECONDS = 0.2;
    private static final int LOOKS = 50;
    /** What Fairlead calls the flows that it gave up for others. */
    private static final String EVICTED = "fairlead_connections_ended_total\\{.*cause=\"EVICTED\".*\\}";
    private static final double MEGABYTE = 1e6;
    private static final int PROC_KILOBYTE = 1024;

    @Override
    public Unit unit() {
        return Unit.EXCHANGE;
    }

    @Override
    public Metric headline() {
        return Metric.FLOOD_P99;
    }

    @Override
    public String reference() {
        return "";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return taking * rounds(pace)
                * (2 + 2 * pace.warmUp(true) + pace.seconds() + sources / (double) FLOOD_PER_SECOND);
    }

    private static int rounds(Pace pace) {
        return Math.min(MOST_ROUNDS, pace.rounds());
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        int rounds = rounds(stage.pace());
        Map<String, Tally> tallies = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : stage.taking(contenders)) {
                stage.progress().step(contender.name() + ", round " + round + " of " + rounds);
                try (Cast alone = stage.cast(List.of(contender), List.of(KIND), false)) {
                    LoadScenario.warmUp(alone, stage, WARM_UP);
                    measure(stage, alone.members().getFirst(),
                            tallies.computeIfAbsent(contender.name(), Tally::new));
                }
            }
        }
        return new Outcome(tallies.values().stream().map(Tally::row).toList(), ESTABLISHED.rate(), List.of(
                String.format(Locale.ROOT,
                        "%,d sources, one datagram of 64 B each, %,d a second, %s; %d rounds. Flows end "
                                + "after %d s without a datagram, so that time alone does not bound them. What is lost during the "
                                + "flood is reported and no error.",
                        sources, FLOOD_PER_SECOND,
                        answered ? "answered by the endpoints" : "which no endpoint answers", rounds,
                        KIND.flows().orElseThrow().idleSeconds())));
    }

    private void measure(Stage stage, Cast.Member member, Tally tally) throws IOException, InterruptedException {
        try (Flooder flooder = stage.flooder(member.running().network())) {
            member.generators().background(member.running(), ESTABLISHED);
            Stage.pause(stage.pace().settle());
            member.generators().lap();
            double empty = resident(member);
            Stage.pause(stage.pace().seconds());
            LoadReport before = member.generators().lap();
            long sent = flooder.flood(member.running(), KIND, sources, FLOOD_PER_SECOND, answered);
            LoadReport during = member.generators().lap();
            tally.add(Metric.DESCRIPTORS, descriptors(member));
            tally.add(Metric.MEMORY_EMPTY, empty);
            tally.add(Metric.MEMORY_LOADED, resident(member));
            member.generators().stopBackground();
            member.running().assertAlive();
            tally.p99(Metric.P99, before);
            tally.add(Metric.LOST, (double) before.errors("lost"));
            tally.add(Metric.FLOOD_P99, during.latency().p99() / 1000);
            tally.add(Metric.FLOOD_LOST, (double) during.errors("lost"));
            tally.error("silent before", before.units() == 0 ? 1 : 0);
            tally.error("starved", during.units() == 0 ? 1 : 0);
            tally.error("flood not sent", sources - sent);
            if (member.family() == Family.FAIRLEAD) {
                tally.add(Metric.FLOOD_EVICTED,
                        stage.probe().sum(member.running().assignment().admin(), EVICTED));
            }
        }
    }

    /** Once there are no more from one look to the next: what the flood left in the queue becomes flows, too. */
    private static double descriptors(Cast.Member member) throws IOException {
        long before = 0;
        long now = ProcessFacts.openDescriptors(member.running().pids());
        for (int look = 1; look < LOOKS && now > before; look++) {
            Stage.pause(LOOK_SECONDS);
            before = now;
            now = ProcessFacts.openDescriptors(member.running().pids());
        }
        return now;
    }

    /** Megabytes. */
    private static double resident(Cast.Member member) throws IOException {
        return ProcessFacts.residentKilobytes(member.running().pids()) * PROC_KILOBYTE / MEGABYTE;
    }
}
