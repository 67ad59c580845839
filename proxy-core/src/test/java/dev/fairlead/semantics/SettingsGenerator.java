package dev.fairlead.semantics;

import dev.fairlead.model.Cidr;
import dev.fairlead.source.FeatureGates;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes, and what this one is told about itself and the network around. */
final class SettingsGenerator {
    static final String THIS_NODE = "n1";
    static final String OTHER_NODE = "n2";
    static final String OUR_PROXY = "fairlead";

    private static final String ZONE_LABEL = "topology.kubernetes.io/zone";
    /** Words are in it more than once: they are as likely as blocks. */
    private static final List<String> NODE_PORT_ADDRESSES = List.of("primary", "primary", "localhost", "localhost",
            "all", "all", "192.168.0.0/24", "192.168.1.2/32", "10.9.0.0/16", "127.0.0.0/8", "127.0.0.2/32", "0.0.0.0/0",
            "fd01::/64", "fd01::/32", "fd09::/64", "::1/128", "::/0", "::/1");

    private final Dice dice;

    SettingsGenerator(Dice dice) {
        this.dice = dice;
    }

    List<NodeObject> nodes() {
        List<NodeObject> nodes = new ArrayList<>();
        if (dice.percent(10)) {
            // The later object of one name replaces this one.
            nodes.add(node(THIS_NODE));
        }
        if (dice.percent(95)) {
            nodes.add(node(THIS_NODE));
        }
        nodes.add(NodeObject.staying(OTHER_NODE, Map.of(ZONE_LABEL, "zb"),
                List.of(new NodeObject.Address("InternalIP", Pool.V4.otherNode()),
                        new NodeObject.Address("InternalIP", Pool.V6.otherNode())),
                List.of("10.244.2.0/24", "fd02:0:0:2::/64")));
        return nodes;
    }

    private NodeObject node(String name) {
        List<NodeObject.Address> addresses = new ArrayList<>();
        for (Pool pool : dice.percent(50) ? List.of(Pool.V4, Pool.V6) : List.of(Pool.V6, Pool.V4)) {
            if (dice.percent(93)) {
                addresses.add(new NodeObject.Address("InternalIP", Pool.spelled(dice, pool.node().get(0))));
                if (dice.percent(40)) {
                    addresses.add(new NodeObject.Address(dice.word("InternalIP", "ExternalIP"),
                            Pool.spelled(dice, pool.node().get(1))));
                }
            }
        }
        addresses.add(dice.below(addresses.size() + 1), new NodeObject.Address("Hostname", name));
        Map<String, String> labels = dice.percent(85)
                ? Map.of(ZONE_LABEL, "za")
                : dice.percent(50) ? Map.of(ZONE_LABEL, "") : Map.of();
        return NodeObject.staying(name, labels, addresses,
                dice.some(80, List.of(Pool.V4.nodePodBlock(), "no block", Pool.V6.nodePodBlock())));
    }

    TranslationSettings settings() {
        Optional<String> name = dice.percent(93) ? Optional.of(THIS_NODE) : Optional.empty();
        if (name.isPresent() && dice.percent(3)) {
            name = Optional.of("nobody");
        }
        TranslationSettings settings = TranslationSettings.DEFAULTS.withNodeName(name).withNodePorts(nodePorts())
                .withNetwork(pods(), blocks(List.of(Pool.V4.serviceBlock(), Pool.V6.serviceBlock())),
                        dice.percent(15))
                .withGates(new FeatureGates(dice.percent(85), dice.percent(90)));
        if (dice.percent(8)) {
            settings = settings.withServiceProxyName(Optional.of(OUR_PROXY));
        }
        return dice.percent(15) ? settings.withNodeAddresses(nodeAddresses()) : settings;
    }

    private List<InetAddress> nodeAddresses() {
        List<String> known = new ArrayList<>(Pool.V4.node());
        known.addAll(Pool.V6.node());
        List<InetAddress> addresses = new ArrayList<>();
        for (String text : dice.atLeastOne(60, known)) {
            addresses.add(dice.below(addresses.size() + 1), Ip.of(text).inet());
        }
        return addresses;
    }

    private TranslationSettings.NodePorts nodePorts() {
        boolean localhost = dice.percent(80);
        List<String> entries = new ArrayList<>();
        if (dice.percent(55)) {
            for (int more = 1 + dice.below(3); more > 0; more--) {
                entries.add(dice.oneOf(NODE_PORT_ADDRESSES));
            }
        }
        return new TranslationSettings.NodePorts(entries, localhost);
    }

    private PodDetection pods() {
        int choice = dice.below(100);
        if (choice < 60) {
            return new PodDetection.ByCidr(blocks(List.of(Pool.V4.podBlock(), Pool.V6.podBlock())));
        }
        if (choice < 65) {
            // The node's own addresses may lie among the pods'.
            return new PodDetection.ByCidr(blocks(List.of("192.168.0.0/16", "127.0.0.0/8", "fd01::/48", "::/0")));
        }
        if (choice < 80) {
            return new PodDetection.ByNode();
        }
        return choice < 85 ? new PodDetection.ByInterface("BridgeInterface") : PodDetection.NONE;
    }

    private List<Cidr> blocks(List<String> texts) {
        List<Cidr> blocks = new ArrayList<>();
        for (String text : dice.some(80, texts)) {
            Block block = Block.read(text).orElseThrow();
            blocks.add(new Cidr(block.base().inet(), block.prefix()));
        }
        return blocks;
    }
}
