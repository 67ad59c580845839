package dev.fairlead.balance;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.SourceKind;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * Tells sources apart: pods by their addresses, the node by its own and by loopback. A pod's address counts before the
 * node's, as kube-proxy's rules are ordered (iptables/proxier.go). Pure; allocates nothing per look.
 *
 * @param pods blocks whose addresses are pods
 * @param node this node's own addresses
 */
public record SourceKinds(List<Cidr> pods, Set<InetAddress> node) {
    public SourceKinds {
        pods = List.copyOf(pods);
        node = Set.copyOf(node);
    }

    public static SourceKinds of(NodeIdentity node, ClusterNetwork network) {
        return new SourceKinds(network.podCidrs(), Set.copyOf(node.addresses()));
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
