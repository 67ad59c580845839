package dev.fairlead.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How long it takes to bring snapshots into force, ever growing: what kube-proxy calls syncing (pkg/proxy/metrics).
 * Written by the control thread, read at scrape.
 */
public final class SyncCounters {
    // 1 ms, doubled fourteen times.
    private static final double[] SYNC = IntStream.range(0, 15).mapToDouble(k -> 0.001 * (1 << k)).toArray();
    // 0.5 ms to 1 s, three to the decade and more where the goal lies.
    private static final double[] PROPAGATION = {0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.0075, 0.01, 0.02, 0.05,
            0.1, 0.2, 0.5, 1};
    private static final double[] PROGRAMMING = DoubleStream.concat(DoubleStream.of(0.25, 0.5),
            IntStream.concat(IntStream.rangeClosed(1, 59),
                    IntStream.concat(IntStream.iterate(60, s -> s <= 115, s -> s + 5),
                            IntStream.iterate(120, s -> s <= 300, s -> s + 30)))
                    .asDoubleStream())
            .toArray();

    private final Instant start;
    private final Histogram all = new Histogram(SYNC);
    private final Histogram full = new Histogram(SYNC);
    private final Histogram partial = new Histogram(SYNC);
    private final Histogram plans = new Histogram(PROPAGATION);
    private final Histogram steps = new Histogram(PROPAGATION);
    private final Histogram propagation = new Histogram(PROPAGATION);
    private final Histogram programming = new Histogram(PROGRAMMING);

    /** What had to be looked at. */
    enum Extent {
        /** Everything: the first snapshot, or the node is another. */
        FULL,
        /** What is not the same as before. */
        PARTIAL
    }

    SyncCounters(Instant start) {
        this.start = start;
    }

    /** A snapshot was looked at and what it asks for was done or attempted. */
    void synced(Extent extent, long nanos) {
        all.record(nanos);
        switch (extent) {
            case FULL -> full.record(nanos);
            case PARTIAL -> partial.record(nanos);
        }
    }

    /** A plan was made. */
    void planned(long nanos) {
        plans.record(nanos);
    }

    /** A plan's steps were done or attempted, the table among them. */
    void carriedOut(long nanos) {
        steps.record(nanos);
    }

    /** From a snapshot to the plan that it wants. */
    public Histogram plans() {
        return plans;
    }

    /** From a plan to the end of its last step: making and publishing the table, opening and closing doors. */
    public Histogram steps() {
        return steps;
    }

    /** Changes are in force together, the first of which a source read so long ago. */
    void propagated(long nanos) {
        propagation.record(nanos);
    }

    /** What these made happen is in force; those from before the process began say nothing of it and do not count. */
    void inForce(List<Instant> triggers, Instant now) {
        triggers.stream().filter(trigger -> !trigger.isBefore(start))
                .forEach(trigger -> programming.record(Duration.between(trigger, now).toNanos()));
    }

    /** From a snapshot being taken up to the end of its last step. */
    public Histogram all() {
        return all;
    }

    /** Those of {@link #all} after which everything had been looked at. */
    public Histogram full() {
        return full;
    }

    /** The others of {@link #all}. */
    public Histogram partial() {
        return partial;
    }

    /** From the moment a source read the first change of a snapshot to the snapshot being in force. */
    public Histogram propagation() {
        return propagation;
    }

    /** From the moment a pod or Service changed, by the clock of who noted it, to the change being in force here. */
    public Histogram programming() {
        return programming;
    }
}
