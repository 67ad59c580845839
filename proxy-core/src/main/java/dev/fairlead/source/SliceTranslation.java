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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The endpoints of every service port: the union over its slices. */
final class SliceTranslation {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    /** One slice, its addresses read once for all of its ports. */
    private record Slice(IpFamily family, List<SliceObject.Port> ports, List<Member> members) {
    }

    private record Member(InetAddress ip, SliceObject.Member object) {
    }

    private final Map<ServiceName, List<Slice>> slices = new HashMap<>();
    private final boolean nodeHints;
    private final Comparator<Endpoint> preference;

    SliceTranslation(List<SliceObject> objects, NodeIdentity node, TranslationSettings settings, Notes notes) {
        this.nodeHints = settings.nodeHintsEnabled();
        this.preference = preference(node);
        Map<List<String>, SliceObject> latest = new LinkedHashMap<>();
        for (SliceObject object : objects) {
            latest.put(List.of(object.namespace(), object.name()), object);
        }
        for (SliceObject object : latest.values()) {
            add(object, notes);
        }
    }

    private void add(SliceObject object, Notes notes) {
        String owner = object.labels().get(SERVICE_LABEL);
        if (owner == null || owner.isEmpty()) {
            notes.add(where(object) + "belongs to no Service (expected: label " + SERVICE_LABEL + ")");
            return;
        }
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
        slices.computeIfAbsent(new ServiceName(object.namespace(), owner), _ -> new ArrayList<>())
                .add(new Slice(family, object.ports(), members));
    }

    private static String where(SliceObject object) {
        return "EndpointSlice " + object.namespace() + "/" + object.name() + ": ";
    }

    /** Sorted, unready ones too, one per address. */
    List<Endpoint> endpoints(ServicePortName name) {
        Map<IpPort, Endpoint> endpoints = new TreeMap<>();
        for (Slice slice : slices.getOrDefault(name.service(), List.of())) {
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
