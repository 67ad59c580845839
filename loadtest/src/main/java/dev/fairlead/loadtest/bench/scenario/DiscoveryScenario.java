package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.Fairlead;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Statistics;
import dev.fairlead.loadtest.bench.result.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A cluster is followed: the first state, and then one change after the other. Every round has fresh processes. */
record DiscoveryScenario(String id, String title, ClusterSize size, List<Contender> contenders) implements Scenario {
    private static final int MOST_ROUNDS = 2;
    private static final int WARM_UP = 200;
    private static final int STRIDE = 7919;
    private static final double MICROS_PER_MILLI = 1000;
    private static final double SECONDS_PER_CHANGE = 0.03;
    private static final double SECONDS_PER_SERVICE = 0.0012;

    @Override
    public Unit unit() {
        return Unit.CHANGE;
    }

    @Override
    public Metric headline() {
        return Metric.CHANGE_P99;
    }

    @Override
    public String reference() {
        return "";
    }

    @Override
    public double estimate(Pace pace, int taking) {
        return taking * Math.min(MOST_ROUNDS, pace.rounds()) * (3 + size.services() * SECONDS_PER_SERVICE
                + (size.changes() + warmUp()) * SECONDS_PER_CHANGE);
    }

    private int warmUp() {
        return Math.min(WARM_UP, size.changes());
    }

    @Override
    public Outcome run(Stage stage) throws IOException, InterruptedException {
        List<Tally> tallies = new ArrayList<>();
        int rounds = Math.min(MOST_ROUNDS, stage.pace().rounds());
        for (Contender contender : stage.taking(contenders)) {
            if (contender instanceof Fairlead fairlead) {
                Tally tally = new Tally(fairlead.name());
                for (int round = 1; round <= rounds; round++) {
                    stage.progress().step(fairlead.name() + ", round " + round + " of " + rounds);
                    try (Following following = Following.start(stage, fairlead, size)) {
                        measure(following, tally);
                    }
                }
                tallies.add(tally);
            }
        }
        return new Outcome(tallies.stream().map(Tally::row).toList(), 0, List.of(String.format(Locale.ROOT,
                "%,d Services with %d endpoints each, from an API server in a process of its own; %d rounds of %d"
                        + " changes, one endpoint each, after %d that are not counted. Initial: from exec to ready."
                        + " Heap: after a forced garbage collection, of 1 GB allowed. Change: from the source's reading"
                        + " the event to the table in force; from the server: from just before the server wrote it, by"
                        + " the wall clock's milliseconds.",
                size.services(), size.endpoints(), rounds, size.changes(), warmUp())));
    }

    private void measure(Following following, Tally tally) throws IOException, InterruptedException {
        tally.add(Metric.SYNC, following.syncSeconds());
        tally.error("Services without a door", following.missingDoors());
        changes(following, warmUp());
        List<Following.Change> changes = changes(following, size.changes());
        List<Double> inside = changes.stream().map(change -> change.micros() / MICROS_PER_MILLI).toList();
        List<Double> outside = changes.stream().map(change -> (double) change.outsideMillis()).toList();
        tally.add(Metric.CHANGE_P50, Statistics.quantile(inside, 0.5));
        tally.add(Metric.CHANGE_P99, Statistics.quantile(inside, 0.99));
        tally.add(Metric.SERVER_P50, Statistics.quantile(outside, 0.5));
        tally.add(Metric.SERVER_P99, Statistics.quantile(outside, 0.99));
        tally.add(Metric.HEAP, following.heapMegabytes());
        tally.add(Metric.MEMORY_LOADED, following.residentMegabytes());
    }

    private List<Following.Change> changes(Following following, int count) throws IOException, InterruptedException {
        List<Following.Change> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // All over the cluster; the stride is a prime.
            changes.add(following.change(i * STRIDE % size.services()));
        }
        return changes;
    }
}
