package dev.fairlead.control;

import dev.fairlead.model.Drain;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an operator has taken out of service: whole Services, or single endpoints of one. It lasts until it is undone or
 * the process ends, whatever the sources say meanwhile; a process that takes over is told. Immutable.
 */
public final class Drains {
    /** How many there may be: who wants more should change the Services. */
    public static final int MOST = 1_000;

    /** Nothing is drained. */
    public static final Drains NONE = new Drains(Set.of());

    private final Set<Drain> all;

    private Drains(Set<Drain> all) {
        this.all = Set.copyOf(all);
    }

    /** These and one more; the same where it is among them. */
    Drains with(Drain drain) {
        if (all.contains(drain)) {
            return this;
        }
        Set<Drain> more = new TreeSet<>(all);
        more.add(drain);
        return new Drains(more);
    }

    /** These without one; the same where it is not among them. */
    Drains without(Drain drain) {
        if (!all.contains(drain)) {
            return this;
        }
        Set<Drain> fewer = new TreeSet<>(all);
        fewer.remove(drain);
        return new Drains(fewer);
    }

    public int size() {
        return all.size();
    }

    /** Sorted. */
    public List<Drain> list() {
        return all.stream().sorted().toList();
    }

    /** Whether an operator keeps new connections from an endpoint. */
    private boolean covers(ServiceName service, IpPort endpoint) {
        return !all.isEmpty() && (all.contains(new Drain(service, Optional.empty()))
                || all.contains(new Drain(service, Optional.of(endpoint))));
    }

    /**
     * The state with what is drained {@link Endpoint#setAside set aside}. Service ports without such endpoints stay the
     * same objects.
     */
    ServiceSnapshot appliedTo(ServiceSnapshot snapshot) {
        if (all.isEmpty()) {
            return snapshot;
        }
        List<ServicePort> ports = new ArrayList<>(snapshot.ports().size());
        snapshot.ports().forEach(port -> ports.add(appliedTo(port)));
        return snapshot.withPorts(ports);
    }

    private ServicePort appliedTo(ServicePort port) {
        ServiceName service = port.name().service();
        if (port.endpoints().stream().noneMatch(one -> covers(service, one.address()))) {
            return port;
        }
        return port.withEndpoints(port.endpoints().stream()
                .map(one -> covers(service, one.address()) ? one.setAside() : one).toList());
    }
}
