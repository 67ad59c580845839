package dev.fairlead.e2e;

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
