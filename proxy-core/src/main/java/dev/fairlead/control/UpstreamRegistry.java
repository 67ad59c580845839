package dev.fairlead.control;

import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gates;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.ServiceCounters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What outlives a revision: one {@link Upstream} for each endpoint of each service port, and what belongs to the
 * service port as a whole. Control thread only; what it hands out is for any thread.
 */
public final class UpstreamRegistry {
    private final Gates gates;
    private final ConnectionLimits limits;
    private final Supplier<AffinityTable> affinityTables;
    private final Map<ServicePortName, LivePort> ports = new HashMap<>();
    /** Those of which something has left and is not forgotten yet; few, however many service ports there are. */
    private final Map<ServicePortName, LivePort> unsettled = new TreeMap<>();

    /**
     * @param affinityTables makes an empty table for a service port that wants ClientIP affinity
     */
    public UpstreamRegistry(Gates gates, ConnectionLimits limits, Supplier<AffinityTable> affinityTables) {
        this.gates = gates;
        this.limits = limits;
        this.affinityTables = affinityTables;
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

    /** Always the same one while the service port exists, with endpoints or without, and wants affinity. */
    public AffinityTable affinity(ServicePortName service) {
        return port(service).affinity(affinityTables);
    }

    /** The endpoint is no candidate any more: it is forgotten as soon as its last connection is over. */
    public void retire(ServicePortName service, IpPort endpoint) {
        Optional.ofNullable(ports.get(service)).ifPresent(port -> {
            port.retire(endpoint);
            look(service, port);
        });
    }

    /** Keeps what the routes in force name, retires everything else, and tells the gates how many they are. */
    public void settle(List<RouteSpec> inForce) {
        settle(inForce, Set.copyOf(ports.keySet()));
    }

    /**
     * The same for some service ports, where all others have what they had.
     *
     * @param inForce sorted by service port
     */
    public void settle(List<RouteSpec> inForce, Set<ServicePortName> some) {
        for (ServicePortName service : some) {
            LivePort port = ports.get(service);
            if (port == null) {
                continue;
            }
            List<RouteSpec> specs = RouteSpecs.of(inForce, service);
            if (specs.isEmpty()) {
                port.leave();
            } else {
                Set<IpPort> endpoints = new HashSet<>();
                specs.forEach(spec -> endpoints.addAll(spec.choices()));
                port.keep(new LivePort.Wants(endpoints, !specs.getFirst().affinity().equals(SessionAffinity.NONE)));
            }
            look(service, port);
        }
        sweep();
    }

    /** Forgets what has left and has become idle. */
    public void sweep() {
        unsettled.entrySet().removeIf(entry -> {
            LivePort port = entry.getValue();
            port.sweep();
            if (port.over()) {
                ports.remove(entry.getKey());
            }
            return port.retiring().isEmpty();
        });
    }

    /** Endpoints that have left and still have connections, sorted by service port and address. */
    public List<Upstream> retiring() {
        return unsettled.values().stream().flatMap(port -> port.retiring().stream()).toList();
    }

    private void look(ServicePortName service, LivePort port) {
        if (!port.retiring().isEmpty() || port.over()) {
            unsettled.put(service, port);
        }
    }

    private LivePort port(ServicePortName service) {
        return ports.computeIfAbsent(service, name -> new LivePort(name, gates.group(name)));
    }
}
