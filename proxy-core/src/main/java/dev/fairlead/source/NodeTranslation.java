package dev.fairlead.source;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClusterNetwork;
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
    /** What the cluster autoscaler marks a node with that it is about to delete. */
    private static final String LEAVING_TAINT = "ToBeDeletedByClusterAutoscaler";
    private static final String ZONE_LABEL = "topology.kubernetes.io/zone";

    private NodeTranslation() {
    }

    /** The node that the settings name, as its object describes it; an absent object leaves the name alone. */
    static NodeIdentity identity(Optional<NodeObject> node, TranslationSettings settings, Notes notes) {
        List<InetAddress> addresses = settings.nodeAddresses().isEmpty()
                ? node.map(object -> addresses(object, notes)).orElse(List.of())
                : List.copyOf(new LinkedHashSet<>(settings.nodeAddresses()));
        Optional<String> zone = node.flatMap(object -> Optional.ofNullable(object.labels().get(ZONE_LABEL)))
                .filter(z -> !z.isEmpty());
        return new NodeIdentity(settings.nodeName().filter(n -> !n.isEmpty()), zone, addresses);
    }

    /** What is around the node. */
    static ClusterNetwork network(Optional<NodeObject> node, TranslationSettings settings,
            Map<IpFamily, List<InetAddress>> nodePorts, Notes notes) {
        List<Cidr> pods = switch (settings.pods()) {
            case PodDetection.ByCidr(List<Cidr> blocks) -> blocks;
            case PodDetection.ByNode() -> node.map(object -> podCidrs(object, notes)).orElse(List.of());
            case PodDetection.ByInterface(String mode) -> {
                notes.add("detectLocalMode " + mode + ": no source counts as a pod, since only the kernel sees the"
                        + " interface (expected: ClusterCIDR or NodeCIDR)");
                yield List.of();
            }
        };
        boolean leaving = node.filter(object -> object.deleting() || object.taints().contains(LEAVING_TAINT))
                .isPresent();
        return new ClusterNetwork(pods, settings.serviceCidrs(), settings.masqueradeAll(),
                nodePorts.values().stream().flatMap(List::stream).toList(), leaving);
    }

    private static List<Cidr> podCidrs(NodeObject node, Notes notes) {
        List<Cidr> blocks = new ArrayList<>();
        for (String text : node.podCidrs()) {
            Optional<Cidr> block = Cidr.parse(text);
            block.ifPresent(blocks::add);
            if (block.isEmpty()) {
                notes.add("node " + node.name() + ": podCIDR \"" + text
                        + "\" is left out (expected: a CIDR such as 10.244.1.0/24)");
            }
        }
        return blocks;
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

    /**
     * The addresses of this node, loopback included, that node ports are served on, per family.
     *
     * @param interfaces all addresses of the node's interfaces; empty where they are not known, and its object's count
     */
    static Map<IpFamily, List<InetAddress>> nodePortAddresses(NodeIdentity node,
            Optional<List<InetAddress>> interfaces, TranslationSettings settings, Notes notes) {
        Map<IpFamily, List<InetAddress>> doors = new EnumMap<>(IpFamily.class);
        NodePortWords words = NodePortWords.read(settings.nodePorts(), node, interfaces, notes);
        for (IpFamily family : IpFamily.values()) {
            doors.put(family, words.addresses(family));
        }
        return doors;
    }
}
