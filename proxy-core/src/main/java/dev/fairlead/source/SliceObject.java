package dev.fairlead.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a {@code discovery.k8s.io/v1 EndpointSlice} that routing needs, unjudged. Which Service it belongs to
 * is said by the label {@code kubernetes.io/service-name} alone; the slice's own name only identifies it.
 *
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}
 */
public record SliceObject(String namespace, String name, Map<String, String> labels, String addressType,
        List<Port> ports, List<Member> endpoints) {
    public SliceObject {
        labels = Map.copyOf(labels);
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /** One of the slice's ports; an absent name or number differs from an empty or zero one. */
    public record Port(Optional<String> name, String protocol, Optional<Integer> port) {
    }

    /**
     * One of the slice's endpoints.
     *
     * @param zoneHints {@code hints.forZones[].name}
     * @param nodeHints {@code hints.forNodes[].name}
     */
    public record Member(List<String> addresses, Optional<Boolean> ready, Optional<Boolean> serving,
            Optional<Boolean> terminating, Optional<String> nodeName, List<String> zoneHints, List<String> nodeHints) {
        public Member {
            addresses = List.copyOf(addresses);
            zoneHints = List.copyOf(zoneHints);
            nodeHints = List.copyOf(nodeHints);
        }
    }
}
