package dev.fairlead.table;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Picker;
import dev.fairlead.balance.Upstream;
import java.net.InetAddress;
import java.util.List;

/**
 * All that a connection needs to know of its service, resolved in advance.
 *
 * @param upstreams the candidates, alive, in the spec's order
 * @param picker shared by all routes of the service port and scope, so that rotation and counts are too
 */
public record Route(RouteSpec spec, List<Upstream> upstreams, Picker picker, ConnectionLimit limit,
        ServiceCounters counters) {
    public Route {
        upstreams = List.copyOf(upstreams);
    }

    /** Whether a client may come at all. */
    public boolean admits(InetAddress client) {
        if (spec.sourceRanges().isEmpty()) {
            return true;
        }
        for (int i = 0; i < spec.sourceRanges().size(); i++) {
            if (spec.sourceRanges().get(i).contains(client)) {
                return true;
            }
        }
        return false;
    }
}
