package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.EndpointKind;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.load.Generators;
import dev.fairlead.loadtest.bench.machine.Command;
import dev.fairlead.loadtest.bench.machine.ProcessFacts;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The memory of connections that do nothing. Every round has fresh processes, one at a time. */
record IdleScenario(String id, String title, List<Contender> contenders) implements Scenario {
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
        return taking * pace.rounds() * (1.5 + pace.connections() / 3000.0);
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        int connections = stage.pace().connections();
        Map<String, Tally> tallies = new LinkedHashMap<>();
        for (int round = 1; round <= stage.pace().rounds(); round++) {
            for (Contender contender : stage.taking(contenders)) {
                stage.progress().step(contender.name() + ", round " + round + " of " + stage.pace().rounds());
                try (Cast alone = stage.cast(List.of(contender), List.of(EndpointKind.ECHO), false)) {
                    measure(alone.members().getFirst(), connections,
                            tallies.computeIfAbsent(contender.name(), Tally::new));
                }
            }
        }
        return new Outcome(tallies.values().stream().map(Tally::row).toList(), 0,
                List.of(connections + " connections; resident memory of all its processes, Fairlead's after a forced "
                        + "garbage collection; each connection then echoes a byte."));
    }

    private static void measure(Cast.Member member, int connections, Tally tally)
            throws IOException, InterruptedException {
        Generators generators = member.generators();
        generators.hold(member.running(), FIRST);
        generators.touch();
        generators.release();
        double empty = memory(member);
        long reached = generators.hold(member.running(), connections);
        double loaded = memory(member);
        tally.error("not reached", connections - reached);
        tally.error("silent", reached - generators.touch());
        generators.release();
        tally.add(Metric.MEMORY_EMPTY, empty / MEGABYTE);
        tally.add(Metric.MEMORY_LOADED, loaded / MEGABYTE);
        tally.add(Metric.MEMORY_EACH, (loaded - empty) / reached / KILOBYTE);
    }

    /** Bytes. */
    private static double memory(Cast.Member member) throws IOException, InterruptedException {
        if (member.family() == Family.FAIRLEAD) {
            Command.run(List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(member.running().pids().getFirst()), "GC.run"));
        }
        return ProcessFacts.residentKilobytes(member.running().pids()) * (double) PROC_KILOBYTE;
    }
}
