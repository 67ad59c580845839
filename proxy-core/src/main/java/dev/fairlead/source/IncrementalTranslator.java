package dev.fairlead.source;

import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SkippedService;
import dev.fairlead.model.Transparency;
import dev.fairlead.source.ServiceTranslation.Surroundings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Objects that come and go one by one, to the state this node must bring about. Only the Services that something was
 * said of are translated again; what is unchanged is the same object in the next snapshot, so that who follows can see
 * at a glance what is not new. One thread.
 */
public final class IncrementalTranslator {
    private static final Comparator<SliceName> BY_NAME = Comparator.comparing(SliceName::name);

    /** Up to so many Services the last snapshot's ports are copied around them. */
    private static final int FEW = 64;

    private record SliceName(String namespace, String name) {
    }

    private final PolicyTranslation policies;
    private final TranslationSettings settings;
    private final Map<ServiceName, ServiceObject> services = new HashMap<>();
    private final Map<SliceName, SliceObject> slices = new HashMap<>();
    private final Map<ServiceName, Map<SliceName, SliceObject>> slicesOf = new HashMap<>();
    private final Map<SliceName, SliceObject> orphans = new HashMap<>();
    private final Map<String, NodeObject> nodes = new HashMap<>();
    private Optional<List<InetAddress>> interfaces = Optional.empty();

    private final Set<ServiceName> dirty = new HashSet<>();
    private boolean elsewhere = true;
    private final FrontendClaims claims = new FrontendClaims();
    private final Map<ServiceName, Translated> translated = new TreeMap<>();
    private final Map<ServiceName, SkippedService> skipped = new TreeMap<>();
    private final Map<ServiceName, Notes> noted = new TreeMap<>();
    private Notes nodeNotes = new Notes();
    private NodeIdentity node = NodeIdentity.NONE;
    private ClusterNetwork network = ClusterNetwork.UNKNOWN;
    private Surroundings around;
    private ServiceSnapshot last = ServiceSnapshot.EMPTY;

    public IncrementalTranslator(PolicyWords words, TranslationSettings settings) {
        this.policies = new PolicyTranslation(words);
        this.settings = settings;
        this.around = new Surroundings(Map.of(), "", settings.gates());
    }

    /** The Service is this now. */
    public void put(ServiceObject service) {
        services.put(service.name(), service);
        dirty.add(service.name());
    }

    /** There is no such Service any more. */
    public void removeService(ServiceName name) {
        if (services.remove(name) != null) {
            dirty.add(name);
        }
    }

    /** The slice is this now, whichever Service it belonged to before. */
    public void put(SliceObject slice) {
        removeSlice(slice.namespace(), slice.name());
        SliceName name = new SliceName(slice.namespace(), slice.name());
        slices.put(name, slice);
        Optional<ServiceName> owner = SliceTranslation.owner(slice);
        if (owner.isPresent()) {
            slicesOf.computeIfAbsent(owner.get(), _ -> new TreeMap<>(BY_NAME)).put(name, slice);
            dirty.add(owner.get());
        } else {
            orphans.put(name, slice);
            elsewhere = true;
        }
    }

    /** There is no such slice any more. */
    public void removeSlice(String namespace, String name) {
        SliceName key = new SliceName(namespace, name);
        SliceObject before = slices.remove(key);
        if (before == null) {
            return;
        }
        elsewhere |= orphans.remove(key) != null;
        SliceTranslation.owner(before).ifPresent(owner -> {
            Map<SliceName, SliceObject> own = slicesOf.getOrDefault(owner, Map.of());
            own.remove(key);
            if (own.isEmpty()) {
                slicesOf.remove(owner);
            }
            dirty.add(owner);
        });
    }

    /** The node is this now; of any but this node nothing is read. */
    public void put(NodeObject object) {
        nodes.put(object.name(), object);
        elsewhere = true;
    }

    /** There is no such node any more. */
    public void removeNode(String name) {
        elsewhere |= nodes.remove(name) != null;
    }

    /** The addresses of this machine's interfaces are these; empty where they are not known, and the node's count. */
    public void interfaces(Optional<List<InetAddress>> addresses) {
        elsewhere |= !interfaces.equals(addresses);
        interfaces = addresses;
    }

    /** The state that everything said so far asks for; the same object where nothing altered it. */
    public ServiceSnapshot snapshot() {
        boolean renewed = elsewhere && lookAround();
        if (renewed) {
            dirty.addAll(services.keySet());
        }
        if (dirty.isEmpty() && !elsewhere) {
            return last;
        }
        Set<ServiceName> affected = new HashSet<>();
        for (ServiceName name : dirty) {
            translate(name, affected);
        }
        for (ServiceName name : affected) {
            translated.computeIfPresent(name, (_, one) -> one.granted(claims));
        }
        Set<ServiceName> touched = new HashSet<>(affected);
        touched.addAll(dirty);
        dirty.clear();
        elsewhere = false;
        ServiceSnapshot now = assemble(touched);
        if (!now.equals(last)) {
            last = now;
        }
        return last;
    }

    /** Whether the node or what is around it differs from before, so that every Service needs another look. */
    private boolean lookAround() {
        nodeNotes = new Notes();
        Optional<NodeObject> own = settings.nodeName().map(nodes::get);
        NodeIdentity identity = NodeTranslation.identity(own, settings, nodeNotes);
        Map<IpFamily, List<InetAddress>> nodePorts = NodeTranslation.nodePortAddresses(identity, interfaces, settings,
                nodeNotes);
        Surroundings now = new Surroundings(nodePorts, nodePortsUnserved(identity, nodePorts), settings.gates());
        boolean differs = !identity.equals(node) || !now.equals(around);
        node = identity;
        network = NodeTranslation.network(own, settings, nodePorts, nodeNotes);
        around = now;
        orphans.values().forEach(slice -> SliceTranslation.orphaned(slice, nodeNotes));
        return differs;
    }

    /** Why no node port is served at all, empty where some may be. */
    private String nodePortsUnserved(NodeIdentity identity, Map<IpFamily, List<InetAddress>> nodePorts) {
        if (!nodePorts.values().stream().allMatch(List::isEmpty)) {
            return "";
        }
        return interfaces.orElse(identity.addresses()).isEmpty()
                ? "NodePorts are not served, since this node's addresses are not known"
                : "NodePorts are not served, since no address of this node lies in nodePortAddresses";
    }

    private void translate(ServiceName name, Set<ServiceName> affected) {
        Translated before = translated.getOrDefault(name, Translated.NOTHING);
        Notes notes = new Notes();
        ServiceObject service = services.get(name);
        Translated now = service == null ? Translated.NOTHING : translate(service, notes);
        if (notes.isEmpty()) {
            noted.remove(name);
        } else {
            noted.put(name, notes);
        }
        if (now.claimed.equals(before.claimed)) {
            now = new Translated(before.claimed, before.ports, now.skipped);
        } else {
            claims.withdraw(before.claimed, affected);
            claims.claim(now.claimed, affected);
        }
        if (service == null) {
            translated.remove(name);
        } else {
            translated.put(name, now);
        }
        now.skipped.ifPresentOrElse(why -> skipped.put(name, why), () -> skipped.remove(name));
    }

    private Translated translate(ServiceObject service, Notes notes) {
        ServiceTranslation translation = new ServiceTranslation(service, notes);
        Optional<String> why = translation.skipped(settings.serviceProxyName());
        if (why.isPresent()) {
            return Translated.skipped(service.name(), why.get());
        }
        ServicePolicy policy = policies.policy(service, settings.defaults(), notes);
        if (policy.clientAddress().transparency() == Transparency.LOCAL && node.name().isEmpty()) {
            notes.gather("transparent: local keeps no client's address, since no node is named and nothing is local"
                    + " (expected: nodeName, or transparent: all)", service.name().toString());
        }
        SliceTranslation endpoints = new SliceTranslation(slicesOf.getOrDefault(service.name(), Map.of()).values(),
                node, settings.gates(), notes);
        List<ServicePort> ports = new ArrayList<>();
        boolean proxied = false;
        for (IpFamily family : IpFamily.values()) {
            Optional<InetAddress> clusterIp = translation.clusterIp(family);
            proxied |= clusterIp.isPresent();
            clusterIp.ifPresent(ip -> ports.addAll(translation.ports(ip, endpoints, policy, around)));
        }
        if (!proxied) {
            return Translated.skipped(service.name(), "no clusterIP that can be read");
        }
        if (ports.isEmpty()) {
            return Translated.skipped(service.name(), "no port that can be proxied (expected: TCP or UDP)");
        }
        ports.sort(Comparator.comparing(ServicePort::name));
        return new Translated(List.copyOf(ports), List.copyOf(ports), Optional.empty());
    }

    private ServiceSnapshot assemble(Set<ServiceName> touched) {
        Notes notes = new Notes();
        notes.addAll(nodeNotes);
        noted.values().forEach(notes::addAll);
        claims.tell(notes);
        return new ServiceSnapshot(node, network, ports(touched), List.copyOf(skipped.values()), notes.all());
    }

    /** The last snapshot's ports with those of the touched Services in place of what they were. */
    private List<ServicePort> ports(Set<ServiceName> touched) {
        List<ServicePort> ports = new ArrayList<>(last.ports().size() + 8);
        if (touched.size() > FEW) {
            translated.values().forEach(one -> ports.addAll(one.ports));
            return ports;
        }
        int from = 0;
        for (ServiceName name : touched.stream().sorted().toList()) {
            int to = first(name, from);
            ports.addAll(last.ports().subList(from, to));
            ports.addAll(translated.getOrDefault(name, Translated.NOTHING).ports);
            from = to;
            while (from < last.ports().size() && last.ports().get(from).name().service().equals(name)) {
                from++;
            }
        }
        ports.addAll(last.ports().subList(from, last.ports().size()));
        return ports;
    }

    /** Where a Service's ports are in the last snapshot, or would be; not before {@code low}. */
    private int first(ServiceName name, int low) {
        int from = low;
        int to = last.ports().size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (last.ports().get(middle).name().service().compareTo(name) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /**
     * What one Service became.
     *
     * @param claimed its ports with every frontend that it asks for, sorted
     * @param ports its ports with the frontends that it got
     */
    private record Translated(List<ServicePort> claimed, List<ServicePort> ports, Optional<SkippedService> skipped) {
        static final Translated NOTHING = new Translated(List.of(), List.of(), Optional.empty());

        static Translated skipped(ServiceName name, String why) {
            return new Translated(List.of(), List.of(), Optional.of(new SkippedService(name, why)));
        }

        Translated granted(FrontendClaims claims) {
            return new Translated(claimed, claimed.stream().map(claims::granted).toList(), skipped);
        }
    }
}
