package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.load.Generators;
import dev.fairlead.loadtest.bench.machine.JavaHeap;
import dev.fairlead.loadtest.bench.machine.ProcessFacts;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What connections or flows cost that do nothing. Every round has fresh processes, one at a time.
 *
 * @param kind of the service: echo, or one of datagrams
 * @param wanted how many there are, where the pace allows for that
 * @param mostRounds where one of them says enough
 */
record IdleScenario(String id, String title, EndpointKind kind, int wanted, int mostRounds,
        List<Contender> contenders) implements Scenario {
    /** Opened and closed first, so that what a process loads for its very first connections is no growth. */
    private static final int FIRST = 50;
    private static final double KILOBYTE = 1000;
    private static final double MEGABYTE = 1e6;
    private static final int PROC_KILOBYTE = 1024;

    @Override
    public Unit unit() {
        return Unit.CONNECTION;
    }

    @Override
    public Metric headline() {
        return Metric.MEMORY_EACH;
    }

    @Override
    public String reference() {
        return "";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return taking * rounds(pace) * (1.5 + count(pace) / 3000.0);
    }

    private int rounds(Pace pace) {
        return Math.min(mostRounds, pace.rounds());
    }

    private int count(Pace pace) {
        return Math.min(wanted, pace.connections());
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        int count = count(stage.pace());
        int rounds = rounds(stage.pace());
        Map<String, Tally> tallies = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : stage.taking(contenders)) {
                stage.progress().step(contender.name() + ", round " + round + " of " + rounds);
                try (Cast alone = stage.cast(List.of(contender), List.of(kind), false)) {
                    measure(alone.members().getFirst(), count,
                            tallies.computeIfAbsent(contender.name(), Tally::new));
                }
            }
        }
        return new Outcome(tallies.values().stream().map(Tally::row).toList(), 0,
                List.of(count + (kind.udp() ? " flows" : " connections")
                        + "; resident memory of all its processes, Fairlead's after a forced "
                        + "garbage collection; each " + (kind.udp()
                                ? "flow then exchanges another datagram."
                                : "connection then echoes a byte.")));
    }

    private void measure(Cast.Member member, int count, Tally tally) throws IOException, InterruptedException {
        Generators generators = member.generators();
        hold(member, FIRST);
        generators.touch();
        generators.release();
        Level empty = Level.of(member);
        long reached = hold(member, count);
        Level loaded = Level.of(member);
        tally.error("not reached", count - reached);
        tally.error("silent", reached - generators.touch());
        generators.release();
        tally.add(Metric.MEMORY_EMPTY, empty.resident() / MEGABYTE);
        tally.add(Metric.MEMORY_LOADED, loaded.resident() / MEGABYTE);
        tally.add(Metric.MEMORY_EACH, (loaded.resident() - empty.resident()) / reached / KILOBYTE);
        if (loaded.heap() > 0) {
            tally.add(Metric.HEAP_EACH, (loaded.heap() - empty.heap()) / reached / KILOBYTE);
        }
        tally.add(Metric.DESCRIPTORS, loaded.descriptors());
    }

    private long hold(Cast.Member member, int count) throws IOException, InterruptedException {
        return kind.udp()
                ? member.generators().holdPorts(member.running(), kind, count)
                : member.generators().hold(member.running(), count);
    }

    /**
     * What a contender occupies.
     *
     * @param resident bytes
     * @param heap bytes that live there, 0 for those that have none
     */
    private record Level(double resident, double heap, double descriptors) {
        static Level of(Cast.Member member) throws IOException, InterruptedException {
            List<Long> pids = member.running().pids();
            double heap = 0;
            if (member.family() == Family.FAIRLEAD) {
                JavaHeap.collect(pids.getFirst());
                heap = (double) JavaHeap.used(pids.getFirst());
            }
            return new Level(ProcessFacts.residentKilobytes(pids) * (double) PROC_KILOBYTE, heap,
                    (double) ProcessFacts.openDescriptors(pids));
        }
    }
}
