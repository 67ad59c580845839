package dev.fairlead.control;

import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.ConnectionLimit;
import dev.fairlead.balance.Gates;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.table.ServiceCounters;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What belongs to one service port and outlives revisions. Control thread only. */
final class LivePort {
    private final ServicePortName service;
    private final Gates.Group gates;
    private final ServiceCounters counters = new ServiceCounters();
    private final TreeMap<IpPort, Upstream> present = new TreeMap<>();
    private final TreeMap<IpPort, Upstream> retiring = new TreeMap<>();
    private boolean wanted = true;
    private Optional<AffinityTable> affinity = Optional.empty();
    private Limit limit = new Limit(Optional.empty(), ConnectionLimit.NONE);

    LivePort(ServicePortName service, Gates.Group gates) {
        this.service = service;
        this.gates = gates;
    }

    ServiceCounters counters() {
        return counters;
    }

    /** The twin of an endpoint: the one there is, the one that was leaving and is still busy, or a new one. */
    Upstream upstream(IpPort endpoint) {
        Upstream back = retiring.remove(endpoint);
        if (back != null) {
            present.put(endpoint, back);
        }
        return present.computeIfAbsent(endpoint, address -> new Upstream(service, address, gates.gate(address)));
    }

    /** The limit there is, or a new one where the number differs: tokens already taken are not given back. */
    ConnectionLimit limit(Optional<Integer> perSecond, ConnectionLimits limits) {
        if (!limit.perSecond.equals(perSecond)) {
            limit = new Limit(perSecond,
                    perSecond.map(number -> limits.limit(service, number)).orElse(ConnectionLimit.NONE));
        }
        return limit.limit;
    }

    /** The clients remembered; none are when affinity has just been asked for. */
    AffinityTable affinity(Supplier<AffinityTable> tables) {
        AffinityTable table = affinity.orElseGet(tables);
        affinity = Optional.of(table);
        return table;
    }

    void retire(IpPort endpoint) {
        Upstream leaving = present.remove(endpoint);
        if (leaving != null) {
            retiring.put(endpoint, leaving);
        }
        sweep();
    }

    /** The service port is in force; all endpoints that it does not want retire. */
    void keep(Wants wants) {
        wanted = true;
        if (!wants.affinity) {
            affinity = Optional.empty();
        }
        retireAllBut(wants.endpoints);
        gates.members(present.size());
    }

    /** The service port is gone. */
    void leave() {
        wanted = false;
        affinity = Optional.empty();
        retireAllBut(Set.of());
    }

    private void retireAllBut(Set<IpPort> endpoints) {
        present.keySet().stream().filter(endpoint -> !endpoints.contains(endpoint)).toList().forEach(this::retire);
    }

    /** Forgets what has left and is idle. */
    void sweep() {
        retiring.values().removeIf(upstream -> upstream.inFlight() == 0);
    }

    Collection<Upstream> retiring() {
        return retiring.values();
    }

    /** Whether nothing of it is needed any more. */
    boolean over() {
        return !wanted && retiring.isEmpty();
    }

    /**
     * What the routes in force name.
     *
     * @param affinity whether clients are remembered
     */
    record Wants(Set<IpPort> endpoints, boolean affinity) {
    }

    private record Limit(Optional<Integer> perSecond, ConnectionLimit limit) {
    }
}
