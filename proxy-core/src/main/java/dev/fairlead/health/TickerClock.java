package dev.fairlead.health;

import dev.fairlead.transport.Ticker;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A {@link Ticker} in the form that resilience4j asks for. Its instants are no dates: they come from the monotonic
 * nanoseconds, so that setting the machine's clock neither ends nor stretches an ejection.
 */
final class TickerClock extends Clock {
    private final Ticker ticker;
    // Only differences of the ticker's nanoseconds mean anything: they may overflow at any time, instants may not.
    private final long start;

    TickerClock(Ticker ticker) {
        this.ticker = ticker;
        this.start = ticker.nanos();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochSecond(0, ticker.nanos() - start);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
