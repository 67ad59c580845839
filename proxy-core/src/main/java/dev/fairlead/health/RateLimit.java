package dev.fairlead.health;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.transport.Ticker;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * So many new connections in each second, counted from when the limit was made. Seconds follow each other without
 * overlap, so two bursts around their border may come to twice the number within one second. Any thread.
 * <p>
 * Nobody ever waits for a permission. Only where two loops ask at the very same instant, resilience4j lets one of them
 * pause for the shortest time that the kernel knows, some 50 microseconds, before it asks again.
 * <p>
 * The clock is ours. resilience4j's factory methods always take the system's; the constructor of its only lock-free
 * limiter, public but in a package called internal, takes another, so that one is used.
 */
public final class RateLimit implements ConnectionLimit {
    private final int perSecond;
    private final RateLimiter limiter;

    /**
     * @param name for resilience4j's messages
     * @param perSecond new connections per second, at least 1
     */
    RateLimit(String name, int perSecond, Ticker ticker) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("perSecond: " + perSecond + " (expected: at least 1)");
        }
        this.perSecond = perSecond;
        this.limiter = new AtomicRateLimiter(name,
                RateLimiterConfig.custom().limitForPeriod(perSecond).limitRefreshPeriod(Duration.ofSeconds(1))
                        .timeoutDuration(Duration.ZERO).writableStackTraceEnabled(false).build(),
                ticker::nanos);
    }

    @Override
    public boolean tryAcquire() {
        return limiter.acquirePermission();
    }

    /** New connections per second. */
    public int perSecond() {
        return perSecond;
    }

    /** Connections that may still come in this second: present, 0 to {@link #perSecond}. */
    @Override
    public OptionalInt available() {
        return OptionalInt.of(limiter.getMetrics().getAvailablePermissions());
    }
}
