package dev.fairlead.table;

import dev.fairlead.model.IpPort;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every TCP frontend's route. Immutable, complete, replaced whole. */
public final class RoutingTable {
    public static final RoutingTable EMPTY = new RoutingTable(0, List.of());

    private final long revision;
    private final List<Route> routes;
    // Optionals are made here, once, so that a look-up allocates nothing.
    private final Map<IpPort, Optional<Route>> byFrontend;

    /**
     * @param revision counts published tables
     * @param routes no two share a frontend
     */
    public RoutingTable(long revision, Collection<Route> routes) {
        this.revision = revision;
        this.routes = List.copyOf(routes);
        this.byFrontend = new HashMap<>();
        for (Route route : routes) {
            Optional<Route> present = Optional.of(route);
            for (IpPort frontend : route.spec().frontends()) {
                byFrontend.put(frontend, present);
            }
        }
    }

    public long revision() {
        return revision;
    }

    public List<Route> routes() {
        return routes;
    }

    /** The route behind a door; empty when no service has that frontend any more. */
    public Optional<Route> find(IpPort frontend) {
        return byFrontend.getOrDefault(frontend, Optional.empty());
    }
}
