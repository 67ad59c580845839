package dev.fairlead.control;

import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is in force now, as the planner sees it.
 *
 * @param doors open just now, with whom they take; one that failed to open is missing
 * @param held the shut doors whose addresses are kept
 * @param specs behind the published table, as {@link RouteSpecs#of} sorts them
 * @param settled whether the doors are known to be those that the specs open, so that only changes need a look
 */
record World(Map<TransportAddress, SourceFilter> doors, Set<TransportAddress> held, List<RouteSpec> specs,
        boolean settled) {
    /** Before the first plan. */
    static final World EMPTY = new World(Map.of(), Set.of(), List.of(), true);

    World {
        doors = Map.copyOf(doors);
        held = Set.copyOf(held);
        specs = List.copyOf(specs);
    }
}
