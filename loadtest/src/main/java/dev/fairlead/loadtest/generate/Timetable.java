package dev.fairlead.loadtest.generate;

/**
 * The intended start times of an open loop, at a fixed rate.
 *
 * <p>
 * Resolution: due units are issued by a timer of the event loop, which waits until the next one is due but at least
 * {@value #TICK_NANOS} ns; the kernel's timers may add 50 us. Above 10,000 units a second they hence leave in small
 * batches, up to 0.15 ms late, and later when the loop itself is busy. Latency counts from the intended start all the
 * same: the lateness is in every figure, for all contenders alike, and is the floor of what can be told apart.
 */
final class Timetable {
    static final long TICK_NANOS = 100_000;

    private final double nanosPerUnit;
    private long origin;

    /** @param rate units per second */
    Timetable(double rate) {
        this.nanosPerUnit = 1e9 / rate;
    }

    void start(long now) {
        origin = now;
    }

    /** When unit {@code number}, counted from 0, is meant to start. */
    long due(long number) {
        return origin + (long) (number * nanosPerUnit);
    }

    /** How long the timer may sleep when unit {@code number} is the next. */
    long nap(long number, long now) {
        return Math.max(TICK_NANOS, due(number) - now);
    }
}
