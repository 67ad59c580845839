package dev.fairlead.control;

import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.util.List;
import java.util.Map;

/**
 * What is in force now, as the planner sees it.
 *
 * @param doors open just now, with whom they take; one that failed to open is missing
 * @param specs behind the published table, as {@link RouteSpecs#of} sorts them
 * @param settled whether the doors are known to be those that the specs open, so that only changes need a look
 */
record World(Map<TransportAddress, SourceFilter> doors, List<RouteSpec> specs, boolean settled) {
    /** Before the first plan. */
    static final World EMPTY = new World(Map.of(), List.of(), true);

    World {
        doors = Map.copyOf(doors);
        specs = List.copyOf(specs);
    }
}
