package dev.fairlead.health;

import dev.fairlead.balance.Gates;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.transport.Ticker;

/**
 * A circuit breaker per endpoint around connecting: an endpoint that keeps failing to connect is ejected for a while,
 * then tried. Of one service port's endpoints never more than half are ejected at once, rounded down: one that is alone
 * never is.
 */
public final class Breakers implements Gates {
    private final EjectionPolicy policy;
    private final Ticker ticker;
    private final EjectionObserver observer;

    public Breakers(EjectionPolicy policy, Ticker ticker) {
        this(policy, ticker, EjectionObserver.NONE);
    }

    public Breakers(EjectionPolicy policy, Ticker ticker, EjectionObserver observer) {
        this.policy = policy;
        this.ticker = ticker;
        this.observer = observer;
    }

    /** A new group with no members; whoever asks keeps it for as long as the service port lives. */
    @Override
    public EjectionGroup group(ServicePortName service) {
        return new EjectionGroup(service, policy, ticker, observer);
    }
}
