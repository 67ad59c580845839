package dev.fairlead.control;

import dev.fairlead.model.ServicePortName;
import dev.fairlead.table.RouteSpec;
import java.util.Optional;

/** One difference between the routes in force and those wanted. */
public sealed interface RouteChange {
    /** Whose routes differ. */
    default ServicePortName service() {
        return switch (this) {
            case Added(RouteSpec spec) -> spec.service();
            case Altered(_, RouteSpec is) -> is.service();
            case Removed(RouteSpec spec) -> spec.service();
        };
    }

    /** What was; empty where it is new. */
    default Optional<RouteSpec> before() {
        return switch (this) {
            case Added _ -> Optional.empty();
            case Altered(RouteSpec was, _) -> Optional.of(was);
            case Removed(RouteSpec spec) -> Optional.of(spec);
        };
    }

    /** What is to be; empty where it is not wanted any more. */
    default Optional<RouteSpec> after() {
        return switch (this) {
            case Added(RouteSpec spec) -> Optional.of(spec);
            case Altered(_, RouteSpec is) -> Optional.of(is);
            case Removed _ -> Optional.empty();
        };
    }

    /** A service port, or a kind of its frontends, that was not there. */
    record Added(RouteSpec spec) implements RouteChange {
    }

    /** The same kind of frontend of the same service port, otherwise different. */
    record Altered(RouteSpec was, RouteSpec is) implements RouteChange {
    }

    /** It is not wanted any more. */
    record Removed(RouteSpec spec) implements RouteChange {
    }
}
