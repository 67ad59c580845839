package dev.fairlead.forward;

import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import java.util.Optional;

/** Endpoints that still serve and take no newcomers. */
@FunctionalInterface
public interface LeavingEndpoints {
    /** The live twin of one, {@link Upstream#enter entered}; empty where it cannot be had. Not on a loop; may wait. */
    Optional<Upstream> enter(ServicePortName service, IpPort endpoint);
}
