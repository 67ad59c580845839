package dev.fairlead.control;

import dev.fairlead.table.RouteSpec;
import java.util.List;

/**
 * What a snapshot asks for.
 *
 * @param specs sorted by service port, then kind; no two share a frontend
 * @param unserved service ports that no spec is made for, sorted by name
 */
public record Wanted(List<RouteSpec> specs, List<UnservedPort> unserved) {
    public Wanted {
        specs = List.copyOf(specs);
        unserved = List.copyOf(unserved);
    }
}
