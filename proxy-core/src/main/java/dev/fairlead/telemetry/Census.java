package dev.fairlead.telemetry;

import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.table.Route;
import dev.fairlead.table.RoutingTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may be told at a scrape. Immutable.
 *
 * @param services each service port once, though it may have several routes; in the order of their names
 * @param endpoints each endpoint of each service port once
 */
record Census(RoutingTable table, List<Upstream> retiring, List<Service> services, List<Upstream> endpoints) {
    static final Census EMPTY = of(RoutingTable.EMPTY, List.of());

    /**
     * A service port.
     *
     * @param route any of its routes: they share counters and limit
     * @param endpoints that new connections may go to, over all its routes
     */
    record Service(LabelText labels, Route route, int endpoints) {
    }

    private record Key(ServicePortName service, IpPort endpoint) {
    }

    /** This one while nobody came or went, else a new one. */
    Census refreshed(RoutingTable current, List<Upstream> leaving) {
        return current == table && leaving.equals(retiring) ? this : of(current, leaving);
    }

    private static Census of(RoutingTable table, List<Upstream> retiring) {
        Map<ServicePortName, Route> routes = new TreeMap<>();
        Map<ServicePortName, Integer> usable = new HashMap<>();
        Map<Key, Upstream> upstreams = new HashMap<>();
        for (Route route : table.routes()) {
            ServicePortName service = route.spec().service();
            routes.putIfAbsent(service, route);
            for (Upstream upstream : route.upstreams()) {
                if (upstreams.putIfAbsent(new Key(service, upstream.address()), upstream) == null) {
                    usable.merge(service, 1, Integer::sum);
                }
            }
        }
        retiring.forEach(one -> upstreams.putIfAbsent(new Key(one.service(), one.address()), one));
        return new Census(table, List.copyOf(retiring),
                routes.entrySet().stream()
                        .map(e -> new Service(labels(e.getKey()), e.getValue(), usable.getOrDefault(e.getKey(), 0)))
                        .toList(),
                List.copyOf(upstreams.values()));
    }

    private static LabelText labels(ServicePortName service) {
        // Both families of a dual-stack Service have the same name.
        return LabelText.of("family", service.family().toString(), "namespace", service.service().namespace(), "port",
                service.port(), "protocol", service.protocol().toString(), "service", service.service().name());
    }
}
