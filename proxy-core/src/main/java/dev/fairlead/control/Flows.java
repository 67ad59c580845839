package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;

/** The UDP flows that are under way, as the control thread ends them. Called on the control thread only. */
@FunctionalInterface
public interface Flows {
    /**
     * Ends every flow of a UDP service port to an endpoint that no longer serves, so that the next datagram of the same
     * client finds another one. Called when the table without that endpoint is published; returns at once.
     */
    void cut(ServicePortName service, IpPort endpoint);
}
