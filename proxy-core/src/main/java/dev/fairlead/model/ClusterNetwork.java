package dev.fairlead.model;

import java.net.InetAddress;
import java.util.List;

/**
 * What a node is told of its cluster beside the services.
 *
 * @param podCidrs sources that are pods; a family without one cannot tell pods from others
 * @param serviceCidrs where the cluster takes ClusterIPs from; this node owns all of their addresses
 * @param masqueradeAll whether kube-proxy would hide the source of every connection to a ClusterIP
 * @param nodePortAddresses where this node serves node ports and health check node ports
 * @param nodeLeaving whether load balancers should send this node nothing new: it is being deleted, or the autoscaler
 *     is about to (KEP-3836)
 */
public record ClusterNetwork(List<Cidr> podCidrs, List<Cidr> serviceCidrs, boolean masqueradeAll,
        List<InetAddress> nodePortAddresses, boolean nodeLeaving) {
    /** Nothing is known. */
    public static final ClusterNetwork UNKNOWN = new ClusterNetwork(List.of(), List.of(), false, List.of(),
            false);

    public ClusterNetwork {
        podCidrs = List.copyOf(podCidrs);
        serviceCidrs = List.copyOf(serviceCidrs);
        nodePortAddresses = List.copyOf(nodePortAddresses);
    }

    /** Whether pods can be told from others in this family. */
    public boolean detectsPods(IpFamily family) {
        return podCidrs.stream().anyMatch(block -> block.family() == family);
    }
}
