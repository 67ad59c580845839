package dev.fairlead.control;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.model.ServicePortName;

/** Where limits of new connections come from. Called on the control thread. */
@FunctionalInterface
public interface ConnectionLimits {
    /** A fresh limit of so many new connections per second, at least 1. */
    ConnectionLimit limit(ServicePortName service, int perSecond);
}
