package dev.fairlead.control;

import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.util.List;
import java.util.Set;

/**
 * What is in force now, as the planner sees it.
 *
 * @param doors open just now; one that failed to open is missing
 * @param specs behind the published table, as {@link RouteSpecs#of} sorts them
 * @param settled whether the doors are known to be those that the specs open, so that only changes need a look
 */
record World(Set<TransportAddress> doors, List<RouteSpec> specs, boolean settled) {
    /** Before the first plan. */
    static final World EMPTY = new World(Set.of(), List.of(), true);

    World {
        doors = Set.copyOf(doors);
        specs = List.copyOf(specs);
    }
}
