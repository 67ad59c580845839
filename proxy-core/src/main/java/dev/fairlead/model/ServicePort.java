package dev.fairlead.model;

import java.util.List;

/**
 * Everything this node must do for one service port in one family. Equal values mean that nothing needs doing.
 *
 * @param addresses where the Service asks to be reached
 * @param frontends where this node serves it: sorted, without duplicates, without what other service ports have
 * @param endpoints sorted, unready ones too, one per address
 * @param externalPolicy the effective policy: LOCAL only where the Service is externally accessible by type
 * @param sourceRanges {@code loadBalancerSourceRanges} of this family; empty = all sources. They apply to LoadBalancer
 *     frontends only
 * @param healthCheckNodePort where load balancers ask for this node's endpoints; 0 = nowhere
 */
public record ServicePort(ServicePortName name, ServiceAddresses addresses, List<Frontend> frontends,
        List<Endpoint> endpoints, TrafficPolicy internalPolicy, TrafficPolicy externalPolicy, SessionAffinity affinity,
        List<Cidr> sourceRanges, int healthCheckNodePort, ServicePolicy policy) {
    public ServicePort {
        frontends = List.copyOf(frontends);
        endpoints = List.copyOf(endpoints);
        sourceRanges = List.copyOf(sourceRanges);
    }

    public ServicePort withEndpoints(List<Endpoint> value) {
        return new ServicePort(name, addresses, frontends, value, internalPolicy, externalPolicy, affinity,
                sourceRanges, healthCheckNodePort, policy);
    }

    public ServicePort withFrontends(List<Frontend> value) {
        return new ServicePort(name, addresses, value, endpoints, internalPolicy, externalPolicy, affinity,
                sourceRanges, healthCheckNodePort, policy);
    }
}
