package dev.fairlead.discovery.merge;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SkippedService;
import dev.fairlead.model.TransportAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Several snapshots to one. Where two want the same, the first of them has it, and a note says so. Pure. */
final class SnapshotMerge {
    /**
     * What one source says.
     *
     * @param source its name, for notes
     */
    record Part(String source, ServiceSnapshot snapshot) {
    }

    private record Owner(String source, ServicePortName port) {
        @Override
        public String toString() {
            return port + " of " + source;
        }
    }

    private final Map<ServicePortName, ServicePort> ports = new HashMap<>();
    private final Map<ServicePortName, String> sources = new HashMap<>();
    private final Map<TransportAddress, Owner> addresses = new HashMap<>();
    private final Set<String> notes = new LinkedHashSet<>();

    private SnapshotMerge() {
    }

    /** @param parts those that go first come first; of one part the snapshot itself is returned */
    static ServiceSnapshot of(List<Part> parts) {
        if (parts.size() == 1) {
            return parts.getFirst().snapshot();
        }
        SnapshotMerge merge = new SnapshotMerge();
        for (Part part : parts) {
            merge.notes.addAll(part.snapshot().notes());
        }
        List<ServicePort> ports = merge.ports(parts);
        List<ServiceSnapshot> snapshots = parts.stream().map(Part::snapshot).toList();
        return new ServiceSnapshot(node(snapshots), network(snapshots), ports, skipped(snapshots, ports),
                List.copyOf(merge.notes));
    }

    private List<ServicePort> ports(List<Part> parts) {
        List<Part> serving = parts.stream().filter(part -> !part.snapshot().ports().isEmpty()).toList();
        if (serving.size() == 1) {
            return serving.getFirst().snapshot().ports();
        }
        for (Part part : serving) {
            for (ServicePort port : part.snapshot().ports()) {
                add(part.source(), port);
            }
        }
        return ports.values().stream().sorted(Comparator.comparing(ServicePort::name)).toList();
    }

    private void add(String source, ServicePort port) {
        String first = sources.putIfAbsent(port.name(), source);
        if (first != null) {
            notes.add(port.name() + " " + port.name().protocol() + " " + port.name().family() + " is given by "
                    + first + " and by " + source + ": what " + first + " says counts");
            return;
        }
        List<Frontend> kept = new ArrayList<>();
        for (Frontend frontend : port.frontends()) {
            Owner owner = new Owner(source, port.name());
            Owner before = addresses.putIfAbsent(frontend.door(), owner);
            if (before == null) {
                kept.add(frontend);
            } else {
                notes.add(frontend + " is given twice: it serves " + before + ", not " + owner);
            }
        }
        ports.put(port.name(), kept.size() == port.frontends().size() ? port : port.withFrontends(kept));
    }

    /** Whom nobody proxies, told once. */
    private static List<SkippedService> skipped(List<ServiceSnapshot> parts, List<ServicePort> ports) {
        List<ServiceSnapshot> some = parts.stream().filter(part -> !part.skipped().isEmpty()).toList();
        if (some.isEmpty()) {
            return List.of();
        }
        Set<ServiceName> told = ports.stream().map(port -> port.name().service())
                .collect(Collectors.toCollection(HashSet::new));
        return some.stream().flatMap(part -> part.skipped().stream()).filter(one -> told.add(one.service()))
                .sorted(Comparator.comparing(SkippedService::service)).toList();
    }

    /**
     * The node of the first that names one. What that one does not know of it, an unlisted zone or address, comes from
     * the next who knows a node of the same name: files seldom hold the Node that the API server has.
     */
    private static NodeIdentity node(List<ServiceSnapshot> parts) {
        Optional<String> name = first(parts, part -> part.node().name());
        List<NodeIdentity> same = parts.stream().map(ServiceSnapshot::node)
                .filter(node -> node.name().isEmpty() || node.name().equals(name)).toList();
        List<InetAddress> addresses = first(same, node -> present(node.addresses())).orElse(List.of());
        return new NodeIdentity(name, first(same, NodeIdentity::zone), addresses);
    }

    private static ClusterNetwork network(List<ServiceSnapshot> parts) {
        List<ClusterNetwork> networks = parts.stream().map(ServiceSnapshot::network).toList();
        List<Cidr> pods = first(networks, network -> present(network.podCidrs())).orElse(List.of());
        List<Cidr> services = first(networks, network -> present(network.serviceCidrs())).orElse(List.of());
        List<InetAddress> nodePorts = networks.stream().flatMap(network -> network.nodePortAddresses().stream())
                .distinct().toList();
        return new ClusterNetwork(pods, services, networks.stream().anyMatch(ClusterNetwork::masqueradeAll), nodePorts,
                networks.stream().anyMatch(ClusterNetwork::nodeLeaving));
    }

    private static <A, B> Optional<B> first(List<A> all, Function<A, Optional<B>> part) {
        return all.stream().flatMap(one -> part.apply(one).stream()).findFirst();
    }

    private static <A> Optional<List<A>> present(List<A> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }
}
