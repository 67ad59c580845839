package dev.fairlead.control;

import java.util.concurrent.atomic.LongAdder;

/** How often something took how long, ever growing. Written by any thread, read at scrape. */
public final class Histogram {
    private final double[] bounds;
    private final long[] boundsNanos;
    private final LongAdder[] counts;
    private final LongAdder nanos = new LongAdder();

    /** @param bounds upper bounds of the buckets in seconds, inclusive, ascending; one more bucket holds the rest */
    public Histogram(double... bounds) {
        this.bounds = bounds.clone();
        this.boundsNanos = new long[bounds.length];
        this.counts = new LongAdder[bounds.length + 1];
        for (int i = 0; i < bounds.length; i++) {
            boundsNanos[i] = Math.round(bounds[i] * 1e9);
        }
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** It took so long once more; less than nothing, as two clocks may have it, counts as nothing. */
    public void record(long took) {
        long positive = Math.max(0, took);
        int bucket = 0;
        while (bucket < boundsNanos.length && positive > boundsNanos[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(positive);
    }

    /** Upper bounds of the buckets in seconds, ascending; one more bucket holds the rest. */
    public double[] bounds() {
        return bounds.clone();
    }

    /** How often it fell into a bucket alone; index as {@link #bounds}, the last is the rest. */
    public long count(int bucket) {
        return counts[bucket].sum();
    }

    /** Sum of all, in nanoseconds. */
    public long nanos() {
        return nanos.sum();
    }
}
