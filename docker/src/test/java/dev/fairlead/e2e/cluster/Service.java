package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Service of one family, or the half of one that has both.
 *
 * @param primary its ClusterIP of the other family, which comes first; empty where there is none
 * @param labels as in YAML, without braces
 * @param annotations the same
 * @param spec further lines of its spec
 * @param status lines of its status
 */
record Service(String name, IpFamily family, String ip, String primary, String labels, String annotations,
        List<Port> ports, String spec, String status)
        implements
            KubeObject {
    /**
     * A port.
     *
     * @param behind the port of its endpoints
     * @param nodePort 0 where there is none
     */
    record Port(String name, int port, Protocol protocol, int behind, int nodePort) {
        Port withNodePort(int value) {
            return new Port(name, port, protocol, behind, value);
        }

        Port as(String otherName, Protocol other) {
            return new Port(otherName, port, other, behind, nodePort);
        }

        private String yaml() {
            return "{name: " + name + ", port: " + port + ", protocol: " + protocol
                    + (nodePort == 0 ? "" : ", nodePort: " + nodePort) + "}";
        }
    }

    Service withPorts(Port... values) {
        return new Service(name, family, ip, primary, labels, annotations, List.of(values), spec, status);
    }

    /** As the second half: this is the address of the first. */
    Service after(String first) {
        return new Service(name, family, ip, first, labels, annotations, ports, spec, status);
    }

    /** With a node port of its first port. */
    Service nodePort(int number) {
        return withPorts(Stream.concat(Stream.of(ports.getFirst().withNodePort(number)), ports.stream().skip(1))
                .toArray(Port[]::new)).with("type: NodePort");
    }

    /** With one more line of its spec. */
    Service with(String line) {
        return new Service(name, family, ip, primary, labels, annotations, ports, spec + line + "\n", status);
    }

    /** With these labels alone. */
    Service labelled(String values) {
        return new Service(name, family, ip, primary, values, annotations, ports, spec, status);
    }

    /** Whose endpoints see their clients' addresses: those of the client's node, or all. */
    Service transparent(String which) {
        return new Service(name, family, ip, primary, labels, "fairlead.dev/transparent: " + which, ports, spec,
                status);
    }

    /** As a cloud's controller leaves it: with an address of a load balancer. */
    Service loadBalanced(String address) {
        return new Service(name, family, ip, primary, labels, annotations, ports, spec + "type: LoadBalancer\n",
                "loadBalancer: {ingress: [{ip: \"" + address + "\", ipMode: VIP}]}");
    }

    /** With its ports named so, in this order, over one protocol. */
    Service over(Protocol protocol) {
        return withPorts(ports.stream().map(port -> port.as(port.name(), protocol)).toArray(Port[]::new));
    }

    /** Where clients find its first port. */
    String address() {
        return Addresses.at(ip, ports.getFirst().port());
    }

    String address(Port port) {
        return Addresses.at(ip, port.port());
    }

    @Override
    public String id() {
        return "service-" + name;
    }

    @Override
    public String yaml() {
        return """
                apiVersion: v1
                kind: Service
                metadata: {namespace: default, name: %s, labels: {%s}, annotations: {%s}}
                spec:
                  clusterIP: "%s"
                  clusterIPs: [%s"%s"]
                  ipFamilies: [%s%s]
                  ports: [%s]
                """.formatted(name, labels, annotations, primary.isEmpty() ? ip : primary,
                primary.isEmpty() ? "" : "\"" + primary + "\", ", ip,
                primary.isEmpty() ? "" : (family == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4) + ", ", family,
                ports.stream().map(Port::yaml).collect(Collectors.joining(", "))) + spec.indent(2)
                + (status.isEmpty() ? "" : "status:\n  " + status + "\n");
    }
}
