package dev.fairlead.control;

import dev.fairlead.table.RouteSpec;

/** One difference between the routes in force and those wanted. */
public sealed interface RouteChange {
    /** A service port, or a kind of its frontends, that was not there. */
    record Added(RouteSpec spec) implements RouteChange {
    }

    /** The same kind of frontend of the same service port, otherwise different. */
    record Altered(RouteSpec before, RouteSpec after) implements RouteChange {
    }

    /** It is not wanted any more. */
    record Removed(RouteSpec spec) implements RouteChange {
    }
}
