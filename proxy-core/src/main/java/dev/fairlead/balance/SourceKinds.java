package dev.fairlead.balance;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.SourceKind;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells sources apart: pods by their addresses, the node by its own and by loopback. A pod's address counts before the
 * node's, as kube-proxy's rules are ordered (iptables/proxier.go). Pure; allocates nothing per look.
 *
 * @param pods blocks whose addresses are pods
 * @param node this node's own addresses
 */
public record SourceKinds(List<Cidr> pods, Set<InetAddress> node) {
    private static final Cidr IPV4_LOOPBACK = Cidr.parse("127.0.0.0/8").orElseThrow();
    private static final Cidr IPV6_LOOPBACK = Cidr.parse("::1").orElseThrow();

    public SourceKinds {
        pods = List.copyOf(pods);
        node = Set.copyOf(node);
    }

    public static SourceKinds of(NodeIdentity node, ClusterNetwork network) {
        return new SourceKinds(network.podCidrs(), Set.copyOf(node.addresses()));
    }

    /** The sources of one family that are pods or this node. */
    public List<Cidr> blocks(IpFamily family) {
        Cidr loopback = switch (family) {
            case IPV4 -> IPV4_LOOPBACK;
            case IPV6 -> IPV6_LOOPBACK;
        };
        return Stream.of(pods.stream(), node.stream().map(ip -> new Cidr(ip, IpFamily.of(ip).bits()))
                .sorted(Comparator.comparing(Cidr::toString)),
                Stream.of(loopback)).flatMap(blocks -> blocks).filter(block -> block.family() == family).distinct()
                .toList();
    }

    public SourceKind of(InetAddress source) {
        for (int i = 0; i < pods.size(); i++) {
            if (pods.get(i).contains(source)) {
                return SourceKind.POD;
            }
        }
        return source.isLoopbackAddress() || node.contains(source) ? SourceKind.NODE : SourceKind.EXTERNAL;
    }
}
