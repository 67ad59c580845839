package dev.fairlead.source;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.model.NodeIdentity;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which node this is and on which of its addresses node ports are served. */
final class NodeTranslation {
    private static final String ZONE_LABEL = "topology.kubernetes.io/zone";
    private static final String PRIMARY = "primary";

    private NodeTranslation() {
    }

    /** The node that the settings name, as its object describes it; an absent object leaves the name alone. */
    static NodeIdentity identity(List<NodeObject> nodes, TranslationSettings settings, Notes notes) {
        Optional<String> name = settings.nodeName().filter(n -> !n.isEmpty());
        Optional<NodeObject> node = name.flatMap(n -> {
            List<NodeObject> same = nodes.stream().filter(object -> object.name().equals(n)).toList();
            return same.isEmpty() ? Optional.empty() : Optional.of(same.getLast());
        });
        List<InetAddress> addresses = settings.nodeAddresses().isEmpty()
                ? node.map(object -> addresses(object, notes)).orElse(List.of())
                : List.copyOf(new LinkedHashSet<>(settings.nodeAddresses()));
        Optional<String> zone = node.flatMap(object -> Optional.ofNullable(object.labels().get(ZONE_LABEL)))
                .filter(z -> !z.isEmpty());
        return new NodeIdentity(name, zone, addresses);
    }

    private static List<InetAddress> addresses(NodeObject node, Notes notes) {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (String type : List.of("InternalIP", "ExternalIP")) {
            for (NodeObject.Address address : node.addresses()) {
                if (!address.type().equals(type)) {
                    continue;
                }
                Optional<InetAddress> ip = IpText.parse(address.address().strip());
                ip.ifPresent(addresses::add);
                if (ip.isEmpty()) {
                    notes.add("node " + node.name() + ": " + type + " \"" + address.address()
                            + "\" is left out (expected: an IP address)");
                }
            }
        }
        return List.copyOf(addresses);
    }

    /** The node's addresses that node ports are served on, per family. */
    static Map<IpFamily, List<InetAddress>> nodePortAddresses(NodeIdentity node, TranslationSettings settings,
            Notes notes) {
        List<Cidr> blocks = new ArrayList<>();
        boolean unreadable = false;
        for (String text : settings.nodePortAddresses()) {
            if (text.strip().equals(PRIMARY)) {
                primaries(node).forEach(ip -> blocks.add(new Cidr(ip, IpFamily.of(ip).bits())));
                continue;
            }
            Optional<Cidr> block = Cidr.parse(text);
            block.ifPresent(blocks::add);
            if (block.isEmpty()) {
                unreadable = true;
                notes.add(
                        "nodePortAddresses: \"" + text + "\" matches nothing (expected: a CIDR such as 10.0.0.0/8, or "
                                + PRIMARY + ")");
            }
        }
        Map<IpFamily, List<InetAddress>> doors = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            List<Cidr> own = blocks.stream().filter(block -> block.family() == family).toList();
            // A value that cannot be read was meant to narrow: it must not open every address.
            boolean all = own.isEmpty() && !unreadable;
            doors.put(family, node.addresses().stream().filter(ip -> IpFamily.of(ip) == family)
                    .filter(ip -> all || own.stream().anyMatch(block -> block.contains(ip))).toList());
        }
        return doors;
    }

    private static List<InetAddress> primaries(NodeIdentity node) {
        List<InetAddress> primaries = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            node.addresses().stream().filter(ip -> IpFamily.of(ip) == family).findFirst().ifPresent(primaries::add);
        }
        return primaries;
    }
}
