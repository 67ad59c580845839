package dev.fairlead.model;

import java.net.InetAddress;
import java.util.List;

/**
 * Where a service port asks to be reached, in one family, whether or not this node serves all of it.
 *
 * @param port on the ClusterIP, external IPs and load-balancer IPs
 * @param nodePort 0 = none
 * @param externalIps in normal order, without duplicates
 * @param loadBalancerVips those that the proxy is to serve (ipMode VIP), in normal order, without duplicates
 */
public record ServiceAddresses(InetAddress clusterIp, int port, int nodePort, List<InetAddress> externalIps,
        List<InetAddress> loadBalancerVips) {
    public ServiceAddresses {
        externalIps = List.copyOf(externalIps);
        loadBalancerVips = List.copyOf(loadBalancerVips);
    }

    /** Whether anything but the ClusterIP leads to the port; decides which endpoint sets it uses. */
    public boolean externallyAccessible() {
        return nodePort != 0 || !externalIps.isEmpty() || !loadBalancerVips.isEmpty();
    }
}
