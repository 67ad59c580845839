package dev.fairlead.health;

import dev.fairlead.model.ServicePortName;
import dev.fairlead.transport.Ticker;

/** Makes the limits of new connections. */
public final class ServiceRateLimits {
    private final Ticker ticker;

    public ServiceRateLimits(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * A fresh limit with all its permissions; whoever asks keeps it for as long as the number stays.
     *
     * @param perSecond new connections per second, at least 1
     */
    public RateLimit limit(ServicePortName service, int perSecond) {
        return new RateLimit(service.toString(), perSecond, ticker);
    }
}
