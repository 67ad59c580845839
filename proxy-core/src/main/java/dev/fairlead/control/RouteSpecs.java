package dev.fairlead.control;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.FrontendVerdicts;
import dev.fairlead.balance.SourceKinds;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.balance.Verdict;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.FrontendKind.Scope;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SourceKind;
import dev.fairlead.model.Transparency;
import dev.fairlead.table.KeptClients;
import dev.fairlead.table.RouteSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the routes should be, by what the world should be: equal snapshots make equal routes. It remembers what it made
 * of the last snapshot, so that a service port that is the same object costs one look. Control thread only.
 */
public final class RouteSpecs {
    private static final Comparator<ServicePort> BY_NAME = Comparator.comparing(ServicePort::name);

    private NodeIdentity node = NodeIdentity.NONE;
    private SourceKinds sources = new SourceKinds(List.of(), Set.of());
    private List<ServicePort> lastPorts = List.of();
    private List<List<RouteSpec>> last = List.of();
    private List<RouteSpec> lastSpecs = List.of();
    private int[] lastStarts = {0};

    /**
     * What is wanted under a snapshot, made anew. Its ports may be in any order.
     *
     * @return sorted by service port, then kind; no two share a door
     */
    public static List<RouteSpec> of(ServiceSnapshot snapshot) {
        return new RouteSpecs().wanted(new ServiceSnapshot(snapshot.node(), snapshot.network(),
                snapshot.ports().stream().sorted(BY_NAME).toList(), snapshot.skipped(), snapshot.notes()));
    }

    /** Those of one service port in a list that is sorted as those of a snapshot are. */
    static List<RouteSpec> of(List<RouteSpec> sorted, ServicePortName service) {
        int low = 0;
        int high = sorted.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted.get(middle).service().compareTo(service) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int end = low;
        while (end < sorted.size() && sorted.get(end).service().equals(service)) {
            end++;
        }
        return sorted.subList(low, end);
    }

    /**
     * What is wanted under a snapshot; the parts that are as in the last one are the same objects.
     *
     * @return sorted by service port, then kind; no two share a door
     */
    @SuppressWarnings("ReferenceEquality")
    List<RouteSpec> wanted(ServiceSnapshot snapshot) {
        SourceKinds kinds = SourceKinds.of(snapshot.node(), snapshot.network());
        boolean sameNode = snapshot.node().equals(node) && kinds.equals(sources);
        node = snapshot.node();
        sources = kinds;
        List<ServicePort> ports = snapshot.ports();
        Making making = new Making(ports.size());
        int i = 0;
        int j = 0;
        while (j < ports.size()) {
            // Thousands of ports that are the same cost no look into them.
            int same = 0;
            while (sameNode && i + same < lastPorts.size() && j + same < ports.size()
                    && lastPorts.get(i + same) == ports.get(j + same)) {
                same++;
            }
            making.take(i, i + same);
            i += same;
            j += same;
            if (j < ports.size()) {
                ServicePort port = ports.get(j++);
                while (i < lastPorts.size() && precedes(lastPorts.get(i), port)) {
                    i++;
                }
                boolean known = i < lastPorts.size() && lastPorts.get(i).name().equals(port.name());
                making.add(renewed(specs(port), known ? Optional.of(last.get(i)) : Optional.empty()));
                i += known ? 1 : 0;
            }
        }
        last = making.routes;
        lastPorts = ports;
        lastSpecs = making.specs;
        lastStarts = making.starts;
        return List.copyOf(making.specs);
    }

    /** What is being made, port by port and in runs of ports that are the same. */
    private final class Making {
        final List<List<RouteSpec>> routes;
        final List<RouteSpec> specs;
        /** Where each port's specs begin, and where the last one's end. */
        final int[] starts;

        Making(int ports) {
            routes = new ArrayList<>(ports);
            specs = new ArrayList<>(ports);
            starts = new int[ports + 1];
        }

        void take(int from, int to) {
            int shift = specs.size() - lastStarts[from];
            for (int k = from; k < to; k++) {
                starts[routes.size() + k - from + 1] = lastStarts[k + 1] + shift;
            }
            specs.addAll(lastSpecs.subList(lastStarts[from], lastStarts[to]));
            routes.addAll(last.subList(from, to));
        }

        void add(List<RouteSpec> one) {
            routes.add(one);
            specs.addAll(one);
            starts[routes.size()] = specs.size();
        }
    }

    /** The same objects where a port that differs wants the same routes. */
    private static List<RouteSpec> renewed(List<RouteSpec> now, Optional<List<RouteSpec>> before) {
        return before.filter(now::equals).orElse(now);
    }

    private static boolean precedes(ServicePort one, ServicePort other) {
        return one.name().compareTo(other.name()) < 0;
    }

    /**
     * One spec for each kind of frontend, in the order of kinds. No two share a door: an address that is two kinds at
     * once (an external IP that the load balancer announces too) belongs to the kind that comes first, as kube-proxy's
     * rules are ordered.
     */
    private List<RouteSpec> specs(ServicePort port) {
        UsableEndpoints usable = EndpointSelection.select(port, node);
        List<IpPort> serving = serving(port, usable);
        Optional<KeptClients> keptClients = keptClients(port);
        List<RouteSpec> specs = new ArrayList<>();
        Set<IpPort> taken = new HashSet<>();
        for (FrontendKind kind : FrontendKind.values()) {
            List<IpPort> frontends = port.frontends().stream()
                    .filter(frontend -> frontend.kind() == kind).map(Frontend::address).sorted().filter(taken::add)
                    .toList();
            if (!frontends.isEmpty()) {
                List<IpPort> outside = candidates(port, usable, kind, SourceKind.EXTERNAL);
                specs.add(new RouteSpec(port.name(), kind, frontends, outside, serving, usable.hasAny(),
                        shortCircuit(port, usable, kind, outside), port.affinity(),
                        FrontendVerdicts.admitted(port, node, kind), port.policy(), keptClients));
            }
        }
        return List.copyOf(specs);
    }

    /** Not those at this node's own address: what they reply is not routed, so that nothing can turn it to us. */
    private Optional<KeptClients> keptClients(ServicePort port) {
        Transparency which = port.policy().clientAddress().transparency();
        if (which == Transparency.OFF) {
            return Optional.empty();
        }
        List<IpPort> endpoints = port.endpoints().stream()
                .filter(endpoint -> which == Transparency.ALL || node.isLocal(endpoint)).map(Endpoint::address)
                .filter(address -> !address.ip().isLoopbackAddress() && !node.addresses().contains(address.ip()))
                .distinct().sorted().toList();
        return endpoints.isEmpty() ? Optional.empty() : Optional.of(new KeptClients(endpoints, sources));
    }

    private Optional<RouteSpec.ShortCircuit> shortCircuit(ServicePort port, UsableEndpoints usable, FrontendKind kind,
            List<IpPort> outside) {
        if (kind.scope() == Scope.INTERNAL) {
            return Optional.empty();
        }
        // Pods and the node itself are judged alike; they differ in what kube-proxy does with their address.
        List<IpPort> near = candidates(port, usable, kind, SourceKind.POD);
        return near.equals(outside) ? Optional.empty() : Optional.of(new RouteSpec.ShortCircuit(near, sources));
    }

    private static List<IpPort> candidates(ServicePort port, UsableEndpoints usable, FrontendKind kind,
            SourceKind source) {
        return switch (FrontendVerdicts.of(port, usable, kind, source)) {
            case Verdict.Forward(_, List<Endpoint> endpoints, _) ->
                endpoints.stream().map(Endpoint::address).distinct().sorted().toList();
            case Verdict.Reject _,Verdict.Drop _,Verdict.NotCaptured _ -> List.of();
        };
    }

    /**
     * Where UDP flows that are under way go on, whatever newcomers do: as kube-proxy's conntrack cleanup has it, only
     * an endpoint that no longer serves loses them, or a port that has none to offer.
     */
    private static List<IpPort> serving(ServicePort port, UsableEndpoints usable) {
        return switch (port.name().protocol()) {
            case UDP -> usable.hasAny()
                    ? port.endpoints().stream().filter(Endpoint::serving).map(Endpoint::address).distinct().sorted()
                            .toList()
                    : List.of();
            case TCP, SCTP -> List.of();
        };
    }
}
