package dev.fairlead.e2e.cluster;

import dev.fairlead.model.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An EndpointSlice.
 *
 * @param name of the slice alone
 * @param service whom it belongs to
 */
record Slice(String name, String service, IpFamily family, List<Service.Port> ports, List<String> endpoints)
        implements
            KubeObject {
    static Slice of(Service service) {
        return new Slice(service.name() + "-1", service.name(), service.family(), service.ports(), List.of());
    }

    /** Another one of the same Service. */
    Slice named(String suffix) {
        return new Slice(service + "-" + suffix, service, family, ports, endpoints);
    }

    Slice withPorts(Service.Port... values) {
        return new Slice(name, service, family, List.of(values), endpoints);
    }

    Slice ready(Endpoint... some) {
        return with("ready: true, serving: true, terminating: false", "", some);
    }

    /** Not ready, for whatever reason. */
    Slice unready(Endpoint... some) {
        return with("ready: false, serving: false, terminating: false", "", some);
    }

    /** On their way out and still serving. */
    Slice terminating(Endpoint... some) {
        return with("ready: false, serving: true, terminating: true", "", some);
    }

    /** As the slice controller says it of pods that terminate while not-ready addresses are published. */
    Slice published(Endpoint... some) {
        return with("ready: true, serving: false, terminating: true", "", some);
    }

    /** Ready, with a hint for a zone. */
    Slice hinted(String zone, Endpoint... some) {
        return with("ready: true, serving: true, terminating: false", "hints: {forZones: [{name: " + zone + "}]}, ",
                some);
    }

    /** Ready, with hints for a zone and a node. */
    Slice hinted(String zone, String node, Endpoint one) {
        return with("ready: true, serving: true, terminating: false",
                "hints: {forZones: [{name: " + zone + "}], forNodes: [{name: " + node + "}]}, ", one);
    }

    private Slice with(String conditions, String hints, Endpoint... some) {
        List<String> all = new ArrayList<>(endpoints);
        for (Endpoint one : some) {
            all.add("{addresses: [\"" + one.host().ip(family) + "\"], nodeName: " + one.node() + ", " + hints
                    + "conditions: {" + conditions + "}}");
        }
        return new Slice(name, service, family, ports, List.copyOf(all));
    }

    @Override
    public String id() {
        return "slice-" + name;
    }

    @Override
    public String yaml() {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {namespace: default, name: %s, labels: {kubernetes.io/service-name: %s}}
                addressType: %s
                ports: [%s]
                endpoints: [%s]
                """.formatted(name, service, family,
                ports.stream().map(port -> "{name: " + port.name() + ", port: " + port.behind() + ", protocol: "
                        + port.protocol() + "}").collect(Collectors.joining(", ")),
                String.join(", ", endpoints));
    }
}
