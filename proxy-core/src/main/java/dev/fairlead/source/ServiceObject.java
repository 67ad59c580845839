package dev.fairlead.source;

import dev.fairlead.model.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a {@code v1 Service} that routing needs, as text, unjudged: every source makes these, the translator
 * alone interprets them. Absent text is {@code ""}, absent lists are empty, an absent number is 0.
 *
 * @param clusterIPs {@code spec.clusterIPs}
 * @param ipFamilies {@code IPv4}, {@code IPv6}, matching {@code clusterIPs} by index
 * @param affinityTimeoutSeconds {@code spec.sessionAffinityConfig.clientIP.timeoutSeconds}
 */
public record ServiceObject(ServiceName name, Map<String, String> labels, Map<String, String> annotations, String type,
        String clusterIP, List<String> clusterIPs, List<String> ipFamilies, List<Port> ports, List<String> externalIPs,
        List<Ingress> loadBalancerIngress, List<String> loadBalancerSourceRanges, String sessionAffinity,
        Optional<Integer> affinityTimeoutSeconds, String internalTrafficPolicy, String externalTrafficPolicy,
        int healthCheckNodePort) {
    public ServiceObject {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        clusterIPs = List.copyOf(clusterIPs);
        ipFamilies = List.copyOf(ipFamilies);
        ports = List.copyOf(ports);
        externalIPs = List.copyOf(externalIPs);
        loadBalancerIngress = List.copyOf(loadBalancerIngress);
        loadBalancerSourceRanges = List.copyOf(loadBalancerSourceRanges);
    }

    /**
     * One of {@code spec.ports}.
     *
     * @param name {@code ""} where it has none
     * @param protocol {@code ""} means TCP
     * @param nodePort 0 = none
     */
    public record Port(String name, String protocol, int port, int nodePort) {
    }

    /** One of {@code status.loadBalancer.ingress}. */
    public record Ingress(String ip, String ipMode) {
    }
}
