package dev.fairlead.balance;

import dev.fairlead.model.Termination.Cause;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What happened to one endpoint, ever growing. Written by event loops, read at scrape. */
public final class UpstreamCounters {
    // Upper bounds of the connect-time buckets, in seconds; one more bucket holds the rest.
    private static final double[] BOUNDS = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
            5};

    private static final VarHandle COUNTS;

    static {
        try {
            COUNTS = MethodHandles.lookup().findVarHandle(UpstreamCounters.class, "counts", Counts.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private static final Cause[] CAUSES = Cause.values();
    private static final int CAUSE_BITS = 6;

    // Absent until something happens: most of a large cluster's endpoints never see a connection from this node.
    private volatile @Nullable Counts counts;

    private static final class Counts {
        final LongAdder opened = new LongAdder();
        final LongAdder bytesUp = new LongAdder();
        final LongAdder bytesDown = new LongAdder();
        final LongAdder connectNanos = new LongAdder();
        final LongAdder[] connectBuckets = adders(BOUNDS.length + 1);
        final LongAdder[] failed = adders(CAUSES.length);
        // Both in one word, so that they belong together: milliseconds since 1970 times 64, plus the cause.
        volatile long lastFailure;

        private static LongAdder[] adders(int count) {
            LongAdder[] adders = new LongAdder[count];
            for (int i = 0; i < count; i++) {
                adders[i] = new LongAdder();
            }
            return adders;
        }
    }

    private Counts counting() {
        Counts present = counts;
        if (present != null) {
            return present;
        }
        Counts fresh = new Counts();
        Counts first = (Counts) COUNTS.compareAndExchange(this, null, fresh);
        return first == null ? fresh : first;
    }

    private long read(ToLongFunction<Counts> count) {
        Counts present = counts;
        return present == null ? 0 : count.applyAsLong(present);
    }

    /** A connection was made in so many nanoseconds. */
    public void connected(long nanos) {
        counting().opened.increment();
        replied(nanos);
    }

    /** A UDP flow goes there from now on. */
    public void flowOpened() {
        counting().opened.increment();
    }

    /** A UDP flow's first reply came after so many nanoseconds: what comes nearest to a handshake. */
    public void replied(long nanos) {
        Counts own = counting();
        own.connectNanos.add(nanos);
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket] * 1e9) {
            bucket++;
        }
        own.connectBuckets[bucket].increment();
    }

    /**
     * The last thing that went wrong with the endpoint.
     *
     * @param epochMillis wall clock
     */
    public record LastFailure(Cause cause, long epochMillis) {
    }

    /** An attempt to connect failed, or a relayed connection ended other than in order, by the endpoint's doing. */
    public void failed(Cause cause, long epochMillis) {
        Counts own = counting();
        own.failed[cause.ordinal()].increment();
        own.lastFailure = epochMillis << CAUSE_BITS | cause.ordinal();
    }

    /** Empty where nothing has gone wrong yet. */
    public Optional<LastFailure> lastFailure() {
        long last = read(own -> own.lastFailure);
        return last == 0
                ? Optional.empty()
                : Optional.of(new LastFailure(CAUSES[(int) (last & (1L << CAUSE_BITS) - 1)], last >>> CAUSE_BITS));
    }

    /**
     * How long connecting took, from the buckets: never less than the truth, and at most the next bound more.
     *
     * @param share such as 0.99
     * @return seconds; empty where nothing was connected, or the answer lies beyond the last bound
     */
    public OptionalDouble connectSeconds(double share) {
        long all = 0;
        for (int i = 0; i <= BOUNDS.length; i++) {
            all += connectBucket(i);
        }
        long rank = (long) Math.ceil(all * share);
        long below = 0;
        for (int i = 0; i < BOUNDS.length && all > 0; i++) {
            below += connectBucket(i);
            if (below >= rank) {
                return OptionalDouble.of(BOUNDS[i]);
            }
        }
        return OptionalDouble.empty();
    }

    /** Bytes relayed since the last call for the same connection. */
    public void relayed(long up, long down) {
        Counts own = counting();
        own.bytesUp.add(up);
        own.bytesDown.add(down);
    }

    /** Whether nothing has ever happened to it. */
    public boolean untouched() {
        return counts == null;
    }

    public long opened() {
        return read(own -> own.opened.sum());
    }

    public long failures(Cause cause) {
        return read(own -> own.failed[cause.ordinal()].sum());
    }

    /** By cause, without those that never occurred; in the order of the causes. */
    public Map<Cause, Long> failures() {
        Map<Cause, Long> all = new EnumMap<>(Cause.class);
        for (Cause cause : CAUSES) {
            long count = failures(cause);
            if (count > 0) {
                all.put(cause, count);
            }
        }
        return all;
    }

    public long bytesUp() {
        return read(own -> own.bytesUp.sum());
    }

    public long bytesDown() {
        return read(own -> own.bytesDown.sum());
    }

    /** Sum of all connect times. */
    public long connectNanos() {
        return read(own -> own.connectNanos.sum());
    }

    /** Upper bounds of the connect-time buckets in seconds, ascending; one more bucket holds the rest. */
    public static double[] connectBounds() {
        return BOUNDS.clone();
    }

    /** Connections whose connect time fell into a bucket; index as {@link #connectBounds}, the last is the rest. */
    public long connectBucket(int index) {
        return read(own -> own.connectBuckets[index].sum());
    }
}
