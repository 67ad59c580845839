package dev.fairlead.admin;

import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.table.Route;
import dev.fairlead.table.RoutingTable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The live side of each service port that is in a table: any of its routes, and the endpoints of all of them. */
final class LiveServices {
    private final Map<ServicePortName, Live> byName = new HashMap<>();

    /** One service port's. */
    static final class Live {
        private final Route route;
        private final Map<IpPort, Upstream> upstreams = new TreeMap<>();

        private Live(Route route) {
            this.route = route;
        }

        /** Any of them: they share counters and limit. */
        Route route() {
            return route;
        }

        Map<IpPort, Upstream> upstreams() {
            return upstreams;
        }

        /** Connections that were made to all of them. */
        long opened() {
            return upstreams.values().stream().mapToLong(upstream -> upstream.counters().opened()).sum();
        }
    }

    LiveServices(RoutingTable table) {
        for (Route route : table.routes()) {
            Live port = byName.computeIfAbsent(route.spec().service(), _ -> new Live(route));
            route.upstreams().forEach(upstream -> port.upstreams.put(upstream.address(), upstream));
        }
    }

    Optional<Live> of(ServicePortName service) {
        return Optional.ofNullable(byName.get(service));
    }
}
