package dev.fairlead.health;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;

/** Who is told that an endpoint is ejected, or let in again. On event loops, under locks: must be quick. */
public interface EjectionObserver {
    EjectionObserver NONE = (service, endpoint, ejected) -> {
    };

    /**
     * An endpoint is ejected, or is let in again.
     *
     * @param ejected false = it takes connections again
     */
    void ejection(ServicePortName service, IpPort endpoint, boolean ejected);
}
