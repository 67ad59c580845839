package dev.fairlead.control;

import dev.fairlead.model.ServicePortName;
import dev.fairlead.table.RouteSpec;

/** One difference between the routes in force and those wanted. */
public sealed interface RouteChange {
    /** Whose routes differ. */
    default ServicePortName service() {
        return switch (this) {
            case Added(RouteSpec spec) -> spec.service();
            case Altered(_, RouteSpec after) -> after.service();
            case Removed(RouteSpec spec) -> spec.service();
        };
    }

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
