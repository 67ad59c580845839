package dev.fairlead.table;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.FrontendVerdicts;
import dev.fairlead.balance.Picker;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.SourceKind;
import dev.fairlead.table.RouteSpec.ShortCircuit;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * All that a connection needs to know of its service, resolved in advance.
 *
 * @param upstreams the candidates, alive, in the spec's order
 * @param picker shared by all routes of the service port and scope, so that rotation and counts are too
 * @param shortCircuit the route of pods and of this node itself; present where the spec has one
 */
public record Route(RouteSpec spec, List<Upstream> upstreams, Picker picker, Optional<Route> shortCircuit,
        ConnectionLimit limit, ServiceCounters counters) {
    public Route {
        upstreams = List.copyOf(upstreams);
    }

    /** A route that is the same for every source. */
    public static Route straight(RouteSpec spec, List<Upstream> upstreams, Picker picker, ConnectionLimit limit,
            ServiceCounters counters) {
        return new Route(spec, upstreams, picker, Optional.empty(), limit, counters);
    }

    /** Whether a client may come at all. */
    public boolean admits(InetAddress client) {
        return FrontendVerdicts.admits(spec.sourceRanges(), client);
    }

    /** The route that a client's connections take: this one or its short circuit. */
    public Route from(InetAddress client) {
        if (shortCircuit.isEmpty()) {
            return this;
        }
        ShortCircuit near = spec.shortCircuit().orElseThrow();
        return near.sources().of(client) == SourceKind.EXTERNAL ? this : shortCircuit.get();
    }
}
