package dev.fairlead.source;

import dev.fairlead.model.Endpoint;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePortName;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The endpoints of one Service's ports: the union over its slices. */
final class SliceTranslation {
    static final String SERVICE_LABEL = "kubernetes.io/service-name";

    /** One slice, its addresses read once for all of its ports. */
    private record Slice(IpFamily family, List<SliceObject.Port> ports, List<Member> members) {
    }

    private record Member(InetAddress ip, SliceObject.Member object) {
    }

    private final List<Slice> slices = new ArrayList<>();
    private final boolean nodeHints;
    private final Comparator<Endpoint> preference;

    /** @param objects the Service's slices, each once */
    SliceTranslation(Collection<SliceObject> objects, NodeIdentity node, FeatureGates gates, Notes notes) {
        this.nodeHints = gates.preferSameTrafficDistribution();
        this.preference = preference(node);
        objects.forEach(object -> add(object, notes));
    }

    /** Which Service a slice belongs to, by its label alone; empty where to none. */
    static Optional<ServiceName> owner(SliceObject slice) {
        return Optional.ofNullable(slice.labels().get(SERVICE_LABEL)).filter(name -> !name.isEmpty())
                .map(name -> new ServiceName(slice.namespace(), name));
    }

    /** Says that nobody will ever ask for a slice. */
    static void orphaned(SliceObject slice, Notes notes) {
        notes.add(where(slice) + "belongs to no Service (expected: label " + SERVICE_LABEL + ")");
    }

    private void add(SliceObject object, Notes notes) {
        if (object.labels().containsKey(ServiceTranslation.HEADLESS_LABEL)) {
            return;
        }
        IpFamily family;
        switch (object.addressType()) {
            case "IPv4" -> family = IpFamily.IPV4;
            case "IPv6" -> family = IpFamily.IPV6;
            case "FQDN" -> {
                return;
            }
            default -> {
                notes.add(where(object) + "addressType \"" + object.addressType()
                        + "\" is left out (expected: IPv4 or IPv6)");
                return;
            }
        }
        List<Member> members = new ArrayList<>();
        for (SliceObject.Member member : object.endpoints()) {
            if (member.addresses().isEmpty()) {
                continue;
            }
            String text = member.addresses().getFirst();
            Optional<InetAddress> ip = IpText.parse(text.strip()).filter(a -> IpFamily.of(a) == family);
            ip.ifPresent(address -> members.add(new Member(address, member)));
            if (ip.isEmpty()) {
                notes.add(where(object) + "endpoint \"" + text + "\" is left out (expected: an " + family
                        + " address)");
            }
        }
        for (SliceObject.Port port : object.ports()) {
            port.port().filter(number -> number < 0 || number > 65535).ifPresent(number -> notes
                    .add(where(object) + "port " + number + " is left out (expected: 1-65535)"));
        }
        slices.add(new Slice(family, object.ports(), members));
    }

    private static String where(SliceObject object) {
        return "EndpointSlice " + object.namespace() + "/" + object.name() + ": ";
    }

    /** Sorted, unready ones too, one per address. */
    List<Endpoint> endpoints(ServicePortName name) {
        Map<IpPort, Endpoint> endpoints = new TreeMap<>();
        for (Slice slice : slices) {
            if (slice.family() != name.family()) {
                continue;
            }
            for (SliceObject.Port port : slice.ports()) {
                Optional<Integer> number = port.port().filter(n -> n > 0 && n <= 65535);
                if (number.isPresent() && matches(port, name)) {
                    for (Member member : slice.members()) {
                        endpoints.merge(new IpPort(member.ip(), number.get()),
                                endpoint(member, number.get()), this::preferred);
                    }
                }
            }
        }
        return List.copyOf(endpoints.values());
    }

    private static boolean matches(SliceObject.Port port, ServicePortName name) {
        Optional<Protocol> protocol = ServiceTranslation.protocol(port.protocol());
        return port.name().equals(Optional.of(name.port())) && protocol.equals(Optional.of(name.protocol()));
    }

    private Endpoint endpoint(Member member, int port) {
        SliceObject.Member object = member.object();
        return new Endpoint(new IpPort(member.ip(), port), object.ready().orElse(true), object.serving().orElse(true),
                object.terminating().orElse(false), object.nodeName().filter(n -> !n.isEmpty()),
                Set.copyOf(object.zoneHints()), nodeHints ? Set.copyOf(object.nodeHints()) : Set.of());
    }

    private Endpoint preferred(Endpoint one, Endpoint other) {
        return preference.compare(one, other) <= 0 ? one : other;
    }

    /**
     * Which copy of an address counts: a local one, as in kube-proxy. Among the rest kube-proxy takes whichever comes
     * first; here the order of objects must not matter, so the most willing copy wins, then any fixed order.
     */
    private static Comparator<Endpoint> preference(NodeIdentity node) {
        return Comparator.comparing((Endpoint e) -> !node.isLocal(e)).thenComparing(Endpoint::readiness)
                .thenComparing(e -> !e.serving()).thenComparing(Endpoint::terminating)
                .thenComparing(e -> e.nodeName().orElse("")).thenComparing(e -> text(e.zoneHints()))
                .thenComparing(e -> text(e.nodeHints()));
    }

    private static String text(Set<String> hints) {
        return String.join(",", new TreeSet<>(hints));
    }
}
