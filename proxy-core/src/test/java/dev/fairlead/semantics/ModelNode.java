package dev.fairlead.semantics;

import dev.fairlead.model.Cidr;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the model knows of this node.
 *
 * @param zone {@code ""} where it has none
 * @param podBlocks sources in them are pods
 */
record ModelNode(Optional<String> name, String zone, List<Ip> addresses, List<Block> podBlocks,
        TranslationSettings.NodePorts nodePorts) {
    static final String POD = "pod";
    static final String NODE = "node";
    static final String EXTERNAL = "external";

    static ModelNode of(ObjectSet objects, TranslationSettings settings) {
        Optional<NodeObject> own = Optional.empty();
        for (NodeObject node : objects.nodes()) {
            if (settings.nodeName().isPresent() && settings.nodeName().get().equals(node.name())) {
                own = Optional.of(node);
            }
        }
        List<Ip> addresses = new ArrayList<>();
        for (InetAddress address : settings.nodeAddresses()) {
            addresses.add(Ip.of(address));
        }
        if (addresses.isEmpty() && own.isPresent()) {
            for (NodeObject.Address address : own.get().addresses()) {
                Ip.read(address.address()).ifPresent(addresses::add);
            }
        }
        String zone = own.isPresent() ? own.get().labels().getOrDefault("topology.kubernetes.io/zone", "") : "";
        return new ModelNode(settings.nodeName(), zone, addresses, podBlocks(own, settings), settings.nodePorts());
    }

    private static List<Block> podBlocks(Optional<NodeObject> own, TranslationSettings settings) {
        List<Block> blocks = new ArrayList<>();
        switch (settings.pods()) {
            case PodDetection.ByCidr(List<Cidr> given) -> {
                for (Cidr block : given) {
                    blocks.add(new Block(Ip.of(block.base()), block.prefix()));
                }
            }
            case PodDetection.ByNode() -> {
                for (String text : own.isPresent() ? own.get().podCidrs() : List.<String>of()) {
                    Block.read(text).ifPresent(blocks::add);
                }
            }
            case PodDetection.ByInterface(_) -> {
                // Nothing above the kernel sees the interface.
            }
        }
        return blocks;
    }

    String sourceKind(Ip source) {
        for (Block block : podBlocks) {
            if (block.contains(source)) {
                return POD;
            }
        }
        return addresses.contains(source) || source.isLoopback() ? NODE : EXTERNAL;
    }

    /** Whether pods can be told from others in this family. */
    boolean tellsPods(int bits) {
        for (Block block : podBlocks) {
            if (block.base().bits() == bits) {
                return true;
            }
        }
        return false;
    }

    List<Ip> addresses(int bits) {
        List<Ip> found = new ArrayList<>();
        for (Ip address : addresses) {
            if (address.bits() == bits) {
                found.add(address);
            }
        }
        return found;
    }

    /** Where node ports of this family are served. */
    Set<Ip> nodePortAddresses(int bits) {
        Set<Ip> served = new LinkedHashSet<>();
        boolean asked = false;
        for (String entry : nodePorts.addresses()) {
            switch (entry) {
                case "primary" -> {
                    asked = true;
                    addresses(bits).stream().findFirst().ifPresent(served::add);
                }
                case "localhost" -> {
                    asked = true;
                    served.add(Ip.loopback(bits));
                }
                case "all" -> {
                    asked = true;
                    served.addAll(addresses(bits));
                    served.add(Ip.loopback(bits));
                }
                default -> {
                    Block block = Block.read(entry).orElseThrow();
                    if (block.base().bits() == bits) {
                        asked = true;
                        served.addAll(inside(block));
                    }
                }
            }
        }
        return asked ? served : everywhere(bits);
    }

    private Set<Ip> inside(Block block) {
        int bits = block.base().bits();
        if (block.prefix() == 0) {
            return everywhere(bits);
        }
        Set<Ip> found = new LinkedHashSet<>();
        for (Ip address : addresses(bits)) {
            if (block.contains(address)) {
                found.add(address);
            }
        }
        if (block.contains(Ip.loopback(bits))) {
            found.add(Ip.loopback(bits));
        }
        return found;
    }

    private Set<Ip> everywhere(int bits) {
        Set<Ip> found = new LinkedHashSet<>(addresses(bits));
        if (bits == 32 && nodePorts.localhost() && !addresses.isEmpty()) {
            found.add(Ip.loopback(bits));
        }
        return found;
    }
}
