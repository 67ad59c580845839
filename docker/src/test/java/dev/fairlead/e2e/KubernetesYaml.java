package dev.fairlead.e2e;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Collectors;

/** A Service and its EndpointSlice as the API server would print them. */
final class KubernetesYaml {
    private KubernetesYaml() {
    }

    /** @param balancer as in the annotation */
    static String service(String name, String clusterIp, int port, String balancer) {
        return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: %s
                  namespace: default
                  annotations: {fairlead.dev/balancer: %s}
                spec:
                  type: ClusterIP
                  clusterIP: %s
                  clusterIPs: [%s]
                  ipFamilies: [IPv4]
                  selector: {app: %s}
                  ports:
                    - {name: main, protocol: TCP, port: %d, targetPort: %d}
                ---
                """.formatted(name, balancer, clusterIp, clusterIp, name, port, port);
    }

    /**
     * A Service with one port for UDP and TCP alike, and a slice for each endpoint, since endpoints with one address
     * differ in their port.
     *
     * @param endpoints addresses and ports
     */
    static String bothProtocols(Family family, String name, String clusterIp, int port, List<String> endpoints) {
        StringBuilder text = new StringBuilder("""
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: default}
                spec:
                  clusterIP: "%s"
                  clusterIPs: ["%s"]
                  ipFamilies: [%s]
                  ports:
                    - {name: datagrams, protocol: UDP, port: %d}
                    - {name: streams, protocol: TCP, port: %d}
                ---
                """.formatted(name, clusterIp, clusterIp, family.word(), port, port));
        for (String endpoint : endpoints) {
            InetSocketAddress there = Addresses.socket(endpoint);
            text.append("""
                    apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: %s-%d, namespace: default, labels: {kubernetes.io/service-name: %s}}
                    addressType: %s
                    ports:
                      - {name: datagrams, protocol: UDP, port: %d}
                      - {name: streams, protocol: TCP, port: %d}
                    endpoints: [{addresses: ["%s"], conditions: {ready: true}}]
                    ---
                    """.formatted(name, endpoints.indexOf(endpoint), name, family.word(), there.getPort(),
                    there.getPort(), there.getAddress().getHostAddress()));
        }
        return text.toString();
    }

    /** @param addresses of ready endpoints; none = a slice without endpoints */
    static String slice(String service, int port, List<String> addresses) {
        String endpoints = addresses.isEmpty()
                ? "endpoints: []\n"
                : "endpoints:\n" + addresses.stream()
                        .map(ip -> "  - {addresses: [" + ip
                                + "], conditions: {ready: true, serving: true, terminating: false}}\n")
                        .collect(Collectors.joining());
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: %s-abcde
                  namespace: default
                  labels: {kubernetes.io/service-name: %s}
                addressType: IPv4
                ports:
                  - {name: main, protocol: TCP, port: %d}
                %s---
                """.formatted(service, service, port, endpoints);
    }
}
