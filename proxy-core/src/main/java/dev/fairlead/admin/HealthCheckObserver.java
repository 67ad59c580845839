package dev.fairlead.admin;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;

/** Who is told that load balancers cannot ask for a Service. Called on the admin thread; must not block. */
@FunctionalInterface
public interface HealthCheckObserver {
    /**
     * A health check node port does not open. Told once; it is tried again.
     *
     * @param why the kernel's word
     */
    void unserved(ServiceName service, IpPort address, String why);
}
