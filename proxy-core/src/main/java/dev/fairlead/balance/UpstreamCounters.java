package dev.fairlead.balance;

import dev.fairlead.model.Termination.Cause;
import java.util.concurrent.atomic.LongAdder;

/** What happened to one endpoint, ever growing. Written by event loops, read at scrape. */
public final class UpstreamCounters {
    // Upper bounds of the connect-time buckets, in seconds; one more bucket holds the rest.
    private static final double[] BOUNDS = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
            5};

    private final LongAdder opened = new LongAdder();
    private final LongAdder bytesUp = new LongAdder();
    private final LongAdder bytesDown = new LongAdder();
    private final LongAdder connectNanos = new LongAdder();
    private final LongAdder[] connectBuckets = adders(BOUNDS.length + 1);
    private final LongAdder[] failed = adders(Cause.values().length);

    private static LongAdder[] adders(int count) {
        LongAdder[] adders = new LongAdder[count];
        for (int i = 0; i < count; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    /** A connection was made in so many nanoseconds. */
    public void connected(long nanos) {
        opened.increment();
        connectNanos.add(nanos);
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket] * 1e9) {
            bucket++;
        }
        connectBuckets[bucket].increment();
    }

    /** An attempt to connect failed, or a relayed connection ended other than in order, by the endpoint's doing. */
    public void failed(Cause cause) {
        failed[cause.ordinal()].increment();
    }

    /** Bytes relayed since the last call for the same connection. */
    public void relayed(long up, long down) {
        bytesUp.add(up);
        bytesDown.add(down);
    }

    public long opened() {
        return opened.sum();
    }

    public long failures(Cause cause) {
        return failed[cause.ordinal()].sum();
    }

    public long bytesUp() {
        return bytesUp.sum();
    }

    public long bytesDown() {
        return bytesDown.sum();
    }

    /** Sum of all connect times. */
    public long connectNanos() {
        return connectNanos.sum();
    }

    /** Upper bounds of the connect-time buckets in seconds, ascending; one more bucket holds the rest. */
    public static double[] connectBounds() {
        return BOUNDS.clone();
    }

    /** Connections whose connect time fell into a bucket; index as {@link #connectBounds}, the last is the rest. */
    public long connectBucket(int index) {
        return connectBuckets[index].sum();
    }
}
