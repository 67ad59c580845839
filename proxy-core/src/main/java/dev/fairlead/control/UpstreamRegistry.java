package dev.fairlead.control;

import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gates;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.ServiceCounters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What outlives a revision: one {@link Upstream} for each endpoint of each service port, and what belongs to the
 * service port as a whole. Control thread only; what it hands out is for any thread.
 */
public final class UpstreamRegistry {
    private final Gates gates;
    private final ConnectionLimits limits;
    private final Map<ServicePortName, LivePort> ports = new TreeMap<>();

    public UpstreamRegistry(Gates gates, ConnectionLimits limits) {
        this.gates = gates;
        this.limits = limits;
    }

    /** Always the same one until the endpoint was retired and has become idle. */
    public Upstream upstream(ServicePortName service, IpPort endpoint) {
        return port(service).upstream(endpoint);
    }

    /** Always the same ones while the service port exists. */
    public ServiceCounters counters(ServicePortName service) {
        return port(service).counters();
    }

    /** Always the same one while the service port exists and the number stays. */
    public ConnectionLimit limit(ServicePortName service, Optional<Integer> perSecond) {
        return port(service).limit(perSecond, limits);
    }

    /** The endpoint is no candidate any more: it is forgotten as soon as its last connection is over. */
    public void retire(ServicePortName service, IpPort endpoint) {
        Optional.ofNullable(ports.get(service)).ifPresent(port -> port.retire(endpoint));
    }

    /** Keeps what the routes in force name, retires everything else, and tells the gates how many they are. */
    public void settle(List<RouteSpec> inForce) {
        Map<ServicePortName, Set<IpPort>> wanted = new HashMap<>();
        for (RouteSpec spec : inForce) {
            wanted.computeIfAbsent(spec.service(), _ -> new HashSet<>()).addAll(spec.candidates());
        }
        ports.forEach((service, port) -> {
            Set<IpPort> endpoints = wanted.get(service);
            if (endpoints == null) {
                port.leave();
            } else {
                port.keep(endpoints);
            }
        });
        sweep();
    }

    /** Forgets what has left and has become idle. */
    public void sweep() {
        ports.values().forEach(LivePort::sweep);
        ports.values().removeIf(LivePort::over);
    }

    /** Endpoints that have left and still have connections, sorted by service port and address. */
    public List<Upstream> retiring() {
        return ports.values().stream().flatMap(port -> port.retiring().stream()).toList();
    }

    private LivePort port(ServicePortName service) {
        return ports.computeIfAbsent(service, name -> new LivePort(name, gates.group(name)));
    }
}
