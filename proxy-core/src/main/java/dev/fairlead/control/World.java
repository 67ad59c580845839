package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.table.RouteSpec;
import java.util.List;
import java.util.Set;

/**
 * What is in force now, as the planner sees it.
 *
 * @param doors open just now; one that failed to open is missing
 * @param specs behind the published table, as {@link RouteSpecs#of} sorts them
 * @param unserved what a reader was already told is not served
 */
public record World(Set<IpPort> doors, List<RouteSpec> specs, List<UnservedPort> unserved) {
    /** Before the first plan. */
    public static final World EMPTY = new World(Set.of(), List.of(), List.of());

    public World {
        doors = Set.copyOf(doors);
        specs = List.copyOf(specs);
        unserved = List.copyOf(unserved);
    }
}
