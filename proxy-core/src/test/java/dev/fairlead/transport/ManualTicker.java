package dev.fairlead.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Time that passes only when told to, the wall clock's too. */
public final class ManualTicker implements Ticker {
    private final Instant start;
    private final AtomicLong nanos = new AtomicLong();

    /** @param start what the wall clock says at first */
    public ManualTicker(Instant start) {
        this.start = start;
    }

    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    /** What the wall clock says. */
    public Instant now() {
        return start.plusNanos(nanos.get());
    }

    @Override
    public long nanos() {
        // Near the end of what a long holds, as the machine's may be.
        return Long.MAX_VALUE - 5_000_000_000L + nanos.get();
    }

    @Override
    public long epochMillis() {
        return now().toEpochMilli();
    }
}
