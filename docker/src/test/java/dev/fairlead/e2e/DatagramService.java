package dev.fairlead.e2e;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A Service with one UDP port, as the API server would print it, and a slice for each of its pods, since pods with one
 * address differ in their port.
 *
 * @param ip its ClusterIP
 * @param nodePort for Services that have one
 */
record DatagramService(String name, Family family, String ip, int port, int nodePort) {
    private static final String READY = "ready: true, serving: true, terminating: false";
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** Where nobody else is. */
    static DatagramService of(Family family) {
        return new DatagramService("udp-" + NEXT.incrementAndGet(), family, family.address(), family.port(80),
                family.port(30_000 + NEXT.get()));
    }

    /** Where clients find it. */
    String address() {
        return Addresses.at(ip, port);
    }

    /** As it stands in metrics and in the access log. */
    String portName() {
        return "default/" + name + ":main";
    }

    /** @param spec further lines of its spec */
    String yaml(String spec) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {namespace: default, name: %s}
                spec:
                  clusterIP: "%s"
                  clusterIPs: ["%s"]
                  ipFamilies: [%s]
                  ports: [{name: main, port: %d, protocol: UDP}]
                """.formatted(name, ip, ip, family.word(), port) + spec.indent(2);
    }

    /** With a node port. */
    String nodePortYaml() {
        return yaml("type: NodePort").replace("port: " + port + ",", "port: " + port + ", nodePort: " + nodePort + ",");
    }

    String ready(DatagramPod pod) {
        return slice(pod, READY);
    }

    String unready(DatagramPod pod) {
        return slice(pod, "ready: false, serving: false, terminating: false");
    }

    /** It terminates and still serves. */
    String draining(DatagramPod pod) {
        return slice(pod, "ready: false, serving: true, terminating: true");
    }

    /** One slice of pods that have the same port. */
    String ready(List<String> addresses) {
        String endpoints = addresses.stream().map(Addresses::socket)
                .map(there -> endpoint(there.getAddress().getHostAddress(), READY)).collect(Collectors.joining(", "));
        return slice("all", Addresses.socket(addresses.getFirst()).getPort(), endpoints);
    }

    private String slice(DatagramPod pod, String conditions) {
        return slice(pod.name(), pod.port(), endpoint(pod.ip(), conditions));
    }

    private static String endpoint(String ip, String conditions) {
        return "{addresses: [\"" + ip + "\"], nodeName: n1, conditions: {" + conditions + "}}";
    }

    private String slice(String suffix, int behind, String endpoints) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {namespace: default, name: %s-%s, labels: {kubernetes.io/service-name: %s}}
                addressType: %s
                ports: [{name: main, port: %d, protocol: UDP}]
                endpoints: [%s]
                """.formatted(name, suffix, name, family.word(), behind, endpoints);
    }
}
