package dev.fairlead.loadtest.generate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one lane counts of one load. Confined to the lane's thread. */
final class Tally {
    /** Details kept for a reader; the rest is only counted. */
    static final int MOST_DETAILS = 5;
    private static final long LONGEST_NANOS = 120_000_000_000L;

    private final Histogram latency = new Histogram(LONGEST_NANOS, 3);
    private final Map<Mishap, Long> mishaps = new EnumMap<>(Mishap.class);
    private final List<String> details = new ArrayList<>();
    private long units;
    private long bytes;
    private long unfinished;
    private long since;

    /** Forgets what was counted: the window begins. */
    void begin(long now) {
        latency.reset();
        mishaps.clear();
        details.clear();
        units = 0;
        bytes = 0;
        unfinished = 0;
        since = now;
    }

    /** One unit done; its latency counts when its intended start lies in the window. */
    void unit(long size, long intended, long now) {
        units++;
        bytes += size;
        record(intended, now);
    }

    /** Bytes of a stream, each of them a unit. */
    void stream(long size) {
        units += size;
        bytes += size;
    }

    /** A unit of an open loop that the window's end finds undone: it has waited at least this long. */
    void unfinished(long intended, long now) {
        if (intended >= since) {
            unfinished++;
            record(intended, now);
        }
    }

    void mishap(Mishap kind, String detail) {
        mishaps.merge(kind, 1L, Long::sum);
        if (details.size() < MOST_DETAILS) {
            details.add(kind.word() + ": " + detail);
        }
    }

    /** What was counted since the window began, as a copy for other threads. */
    Counts counts(long now) {
        return new Counts(units, bytes, unfinished, Math.max(1, now - since), latency.copy(), mishaps, details);
    }

    private void record(long intended, long now) {
        if (intended >= since) {
            latency.recordValue(Math.clamp(now - intended, 0, LONGEST_NANOS));
        }
    }
}
