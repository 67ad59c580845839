package dev.fairlead.telemetry;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.TrafficPolicy;

/**
 * How many service ports have endpoints and, under policy Local, none that this node may use.
 *
 * @param snapshot that was counted
 * @param internal by {@code internalTrafficPolicy}
 * @param external by {@code externalTrafficPolicy}, where there is a way in from outside
 */
record NoLocalEndpoints(ServiceSnapshot snapshot, int internal, int external) {
    static final NoLocalEndpoints NONE = new NoLocalEndpoints(ServiceSnapshot.EMPTY, 0, 0);

    /** This one for the same snapshot, else a new count. Comparing all of it would cost more than counting. */
    @SuppressWarnings("ReferenceEquality")
    NoLocalEndpoints refreshed(ServiceSnapshot current) {
        return current == snapshot ? this : of(current);
    }

    private static NoLocalEndpoints of(ServiceSnapshot snapshot) {
        int internal = 0;
        int external = 0;
        for (ServicePort port : snapshot.ports()) {
            boolean inside = port.internalPolicy() == TrafficPolicy.LOCAL;
            boolean outside = port.externalPolicy() == TrafficPolicy.LOCAL && port.addresses().externallyAccessible();
            if ((inside || outside) && lacking(port, snapshot.node())) {
                internal += inside ? 1 : 0;
                external += outside ? 1 : 0;
            }
        }
        return new NoLocalEndpoints(snapshot, internal, external);
    }

    private static boolean lacking(ServicePort port, NodeIdentity node) {
        UsableEndpoints usable = EndpointSelection.select(port, node);
        return usable.hasAny() && usable.local().filter(local -> !local.isEmpty()).isEmpty();
    }
}
