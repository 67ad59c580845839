package dev.fairlead.health;

import dev.fairlead.balance.Gate;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.Ticker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint's circuit breaker. The breaker knows how the endpoint does; whether it is ejected for that is a matter
 * of a place in the {@link EjectionGroup}. A breaker that is not closed and has no place is spared: it admits all.
 * <p>
 * Whatever changes the breaker holds this gate's own lock, since resilience4j throws where two threads disagree on the
 * next state; the lock is held for no longer than it takes to count an outcome. Whoever has changed it looks afterwards
 * whether breaker and place still agree, so the last one to change it leaves them in agreement. Locks are taken in the
 * order gate, group.
 */
final class BreakerGate implements Gate {
    private final ServicePortName service;
    private final IpPort endpoint;
    private final EjectionGroup group;
    private final EjectionPolicy policy;
    private final long ejectionNanos;
    private final Ticker ticker;
    private final Object lock = new Object();
    // Absent, which is as good as closed, until a first attempt fails: a large cluster has hundreds of thousands of
    // endpoints that never do. The successes before it are told to the breaker when it is made.
    private volatile @Nullable CircuitBreaker breaker;
    private volatile int earlierSuccesses;
    private volatile long openedAt;
    private volatile boolean place;

    BreakerGate(ServicePortName service, IpPort endpoint, EjectionGroup group, EjectionPolicy policy, Ticker ticker) {
        this.service = service;
        this.endpoint = endpoint;
        this.group = group;
        this.policy = policy;
        this.ejectionNanos = policy.ejection().toNanos();
        this.ticker = ticker;
    }

    private CircuitBreaker newBreaker() {
        return CircuitBreaker.of(service + " " + endpoint, CircuitBreakerConfig.custom().clock(new TickerClock(ticker))
                .slidingWindow(policy.window(), policy.leastAttempts(), SlidingWindowType.COUNT_BASED)
                .failureRateThreshold(policy.failurePercent())
                // A slow connect is a connect; how slow it may be is the connect timeout's to say.
                .slowCallDurationThreshold(Duration.ofDays(365))
                .permittedNumberOfCallsInHalfOpenState(policy.trials())
                // Asked by the breaker whenever it opens, before it reads the clock itself: so our end of the ejection
                // is never later than its own, and "shut" is never said of a gate that would admit.
                .waitIntervalFunctionInOpenState(attempt -> opens(policy.ejection().toMillis()))
                .writableStackTraceEnabled(false).build());
    }

    private void countEarlier() {
        synchronized (lock) {
            earlierSuccesses++;
        }
    }

    private CircuitBreaker.State breakerState() {
        CircuitBreaker present = breaker;
        return present == null ? CircuitBreaker.State.CLOSED : present.getState();
    }

    private long opens(long waitMillis) {
        openedAt = ticker.nanos();
        return waitMillis;
    }

    @Override
    public boolean shut() {
        return place && breakerState() == CircuitBreaker.State.OPEN && openFor() <= ejectionNanos;
    }

    @Override
    public boolean tryAcquire() {
        // A closed breaker gives its permission to everybody and keeps no count of it.
        CircuitBreaker present = breaker;
        if (present == null || present.getState() == CircuitBreaker.State.CLOSED) {
            return true;
        }
        synchronized (lock) {
            if (present.tryAcquirePermission()) {
                return true;
            }
            group.takeFree(this);
            return !place;
        }
    }

    @Override
    public void connected(long nanos) {
        CircuitBreaker present = breaker;
        if (present == null) {
            if (earlierSuccesses < policy.window()) {
                countEarlier();
            }
            return;
        }
        synchronized (lock) {
            present.onSuccess(nanos, TimeUnit.NANOSECONDS);
            // Whoever answers is well, also where it was tried without a permission, or where two failures before
            // would make this success the third of five outcomes that opens the breaker.
            if (present.getState() == CircuitBreaker.State.OPEN) {
                present.transitionToClosedState();
            }
            settle();
        }
    }

    @Override
    public void failed(long nanos, Cause cause) {
        synchronized (lock) {
            CircuitBreaker present = breaker;
            if (present == null) {
                present = newBreaker();
                for (int i = Math.min(earlierSuccesses, policy.window()); i > 0; i--) {
                    present.onSuccess(0, TimeUnit.NANOSECONDS);
                }
                breaker = present;
            }
            present.onError(nanos, TimeUnit.NANOSECONDS, new NoConnection());
            settle();
        }
    }

    @Override
    public void release() {
        CircuitBreaker present = breaker;
        if (present != null) {
            synchronized (lock) {
                present.releasePermission();
            }
        }
    }

    private void settle() {
        if (breakerState() == CircuitBreaker.State.CLOSED) {
            if (place) {
                group.giveBack(this);
            }
        } else if (!place) {
            group.takeFreeOrUnused(this);
        }
    }

    @Override
    public State state() {
        CircuitBreaker.State state = breakerState();
        if (state == CircuitBreaker.State.CLOSED) {
            return State.ADMITS;
        }
        if (!place) {
            return State.SPARED;
        }
        return state == CircuitBreaker.State.OPEN && openFor() <= ejectionNanos ? State.EJECTED : State.TRIAL;
    }

    @Override
    public OptionalLong ejectedForMillis() {
        return state() == State.EJECTED
                ? OptionalLong.of(Math.max(0, TimeUnit.NANOSECONDS.toMillis(ejectionNanos - openFor())))
                : OptionalLong.empty();
    }

    /** Nanoseconds since the breaker opened last. */
    long openFor() {
        return ticker.nanos() - openedAt;
    }

    IpPort endpoint() {
        return endpoint;
    }

    boolean holdsPlace() {
        return place;
    }

    /** Called by the group only, under its lock. */
    void holdsPlace(boolean held) {
        place = held;
    }

    /** What resilience4j is shown: it wants to see what went wrong, but only counts it. */
    private static final class NoConnection extends Exception {
        NoConnection() {
            super("no connection", null, false, false);
        }
    }
}
