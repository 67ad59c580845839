package dev.fairlead.model;

import java.util.List;

/**
 * Everything this node must do for one service port in one family. Equal values mean that nothing needs doing.
 *
 * @param port the Service's port number
 * @param frontends sorted, without duplicates
 * @param endpoints sorted, unready ones too, one per address
 * @param externalPolicy the effective policy: LOCAL only where the Service is externally accessible by type
 * @param sourceRanges {@code loadBalancerSourceRanges} of this family; empty = all sources. They apply to LoadBalancer
 *     frontends only
 */
public record ServicePort(ServicePortName name, int port, List<Frontend> frontends, List<Endpoint> endpoints,
        TrafficPolicy internalPolicy, TrafficPolicy externalPolicy, SessionAffinity affinity, List<Cidr> sourceRanges,
        ServicePolicy policy) {
    public ServicePort {
        frontends = List.copyOf(frontends);
        endpoints = List.copyOf(endpoints);
        sourceRanges = List.copyOf(sourceRanges);
    }

    /**
     * Whether any frontend is reachable from outside the cluster (spec: nodePort, VIPs or externalIPs in this family).
     */
    public boolean externallyAccessible() {
        return frontends.stream().anyMatch(f -> f.kind().scope() == FrontendKind.Scope.EXTERNAL);
    }
}
