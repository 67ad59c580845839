package dev.fairlead.app;

import dev.fairlead.transport.Ticker;
import java.util.concurrent.TimeUnit;

/** How long each step of a start took, in milliseconds. Not for several threads. */
final class StepClock {
    private final Ticker ticker;
    private final long start;
    private long last;

    StepClock(Ticker ticker) {
        this.ticker = ticker;
        this.start = ticker.nanos();
        this.last = start;
    }

    /** Since the last step. */
    long step() {
        long now = ticker.nanos();
        long step = now - last;
        last = now;
        return TimeUnit.NANOSECONDS.toMillis(step);
    }

    /** Since the beginning. */
    long total() {
        return TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - start);
    }
}
