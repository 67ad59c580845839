package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObjectTranslatorTest {
    @Test
    void everyFieldOfAServiceThatRoutingReadsIsTaken() {
        Service service = Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata:
                  name: web
                  namespace: shop
                  uid: 6d7c6a0c-7d0e-4f7c-9d59-4b5f7d0f6f10
                  resourceVersion: "4711"
                  labels: {app: web, service.kubernetes.io/service-proxy-name: fairlead}
                  annotations:
                    fairlead.dev/balancer: round-robin
                    kubectl.kubernetes.io/last-applied-configuration: "{}"
                  managedFields:
                  - {manager: kubectl, operation: Update, apiVersion: v1}
                spec:
                  type: LoadBalancer
                  selector: {app: web}
                  clusterIP: 10.96.0.10
                  clusterIPs: [10.96.0.10, "fd00::10"]
                  ipFamilies: [IPv4, IPv6]
                  ipFamilyPolicy: RequireDualStack
                  ports:
                  - {name: http, protocol: TCP, port: 80, targetPort: 8080, nodePort: 30080, appProtocol: http}
                  - {name: dns, protocol: UDP, port: 53, targetPort: dns}
                  externalIPs: [203.0.113.1]
                  loadBalancerIP: 198.51.100.7
                  loadBalancerSourceRanges: [10.0.0.0/8, " 192.168.0.0/16 "]
                  sessionAffinity: ClientIP
                  sessionAffinityConfig: {clientIP: {timeoutSeconds: 600}}
                  internalTrafficPolicy: Local
                  externalTrafficPolicy: Cluster
                  healthCheckNodePort: 32000
                  trafficDistribution: PreferClose
                status:
                  loadBalancer:
                    ingress:
                    - {ip: 198.51.100.9, ipMode: VIP}
                    - {ip: 198.51.100.10}
                    - {hostname: lb.example}
                """, Service.class);

        assertThat(ObjectTranslator.service(service)).isEqualTo(new ServiceObject(new ServiceName("shop", "web"),
                Map.of("service.kubernetes.io/service-proxy-name", "fairlead"),
                Map.of("fairlead.dev/balancer", "round-robin"), "LoadBalancer", "10.96.0.10",
                List.of("10.96.0.10", "fd00::10"), List.of("IPv4", "IPv6"),
                List.of(new ServiceObject.Port("http", "TCP", 80, 30080),
                        new ServiceObject.Port("dns", "UDP", 53, 0)),
                List.of("203.0.113.1"),
                List.of(new ServiceObject.Ingress("198.51.100.9", "VIP"),
                        new ServiceObject.Ingress("198.51.100.10", ""),
                        new ServiceObject.Ingress("", "")),
                List.of("10.0.0.0/8", " 192.168.0.0/16 "), "ClientIP", Optional.of(600), "Local", "Cluster", 32000));
    }

    @Test
    void whatAServiceDoesNotSayIsAbsent() {
        Service service = Serialization.unmarshal("""
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  clusterIP: None
                  sessionAffinity: ClientIP
                  sessionAffinityConfig: {}
                  ports:
                  - {port: 80}
                status:
                  loadBalancer: {}
                """, Service.class);

        assertThat(ObjectTranslator.service(service)).isEqualTo(new ServiceObject(new ServiceName("default", "web"),
                Map.of(), Map.of(), "", "None", List.of(), List.of(), List.of(new ServiceObject.Port("", "", 80, 0)),
                List.of(), List.of(), List.of(), "ClientIP", Optional.empty(), "", "", 0));
    }

    @Test
    void anEmptyServiceIsNoError() {
        assertThat(ObjectTranslator.service(new Service())).isEqualTo(new ServiceObject(new ServiceName("default", ""),
                Map.of(), Map.of(), "", "", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), "",
                Optional.empty(), "", "", 0));
    }

    @Test
    void everyFieldOfASliceThatRoutingReadsIsTaken() {
        EndpointSlice slice = Serialization.unmarshal("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: web-abcde
                  namespace: shop
                  labels: {kubernetes.io/service-name: web, app: web}
                  generation: 3
                addressType: IPv4
                ports:
                - {name: http, protocol: TCP, port: 8080}
                - {name: "", port: 9090}
                - {}
                endpoints:
                - addresses: [10.1.0.1, 10.1.0.2]
                  conditions: {ready: true, serving: true, terminating: false}
                  nodeName: node-1
                  zone: zone-a
                  hostname: web-0
                  targetRef: {kind: Pod, name: web-0, namespace: shop}
                  hints:
                    forZones: [{name: zone-a}, {name: zone-b}]
                    forNodes: [{name: node-1}]
                - addresses: [10.1.0.3]
                  conditions: {ready: false, terminating: true}
                - addresses: [10.1.0.4]
                """, EndpointSlice.class);

        assertThat(ObjectTranslator.slice(slice)).isEqualTo(new SliceObject("shop", "web-abcde",
                Map.of("kubernetes.io/service-name", "web"), "IPv4",
                List.of(new SliceObject.Port(Optional.of("http"), "TCP", Optional.of(8080)),
                        new SliceObject.Port(Optional.of(""), "", Optional.of(9090)),
                        new SliceObject.Port(Optional.empty(), "", Optional.empty())),
                List.of(new SliceObject.Member(List.of("10.1.0.1", "10.1.0.2"), Optional.of(true), Optional.of(true),
                        Optional.of(false), Optional.of("node-1"), List.of("zone-a", "zone-b"), List.of("node-1")),
                        new SliceObject.Member(List.of("10.1.0.3"), Optional.of(false), Optional.empty(),
                                Optional.of(true), Optional.empty(), List.of(), List.of()),
                        new SliceObject.Member(List.of("10.1.0.4"), Optional.empty(), Optional.empty(),
                                Optional.empty(), Optional.empty(), List.of(), List.of()))));
    }

    @Test
    void aSliceWithoutEndpointsAndPortsIsNoError() {
        EndpointSlice slice = Serialization.unmarshal("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: web-1}
                addressType: IPv6
                endpoints: null
                ports: null
                """, EndpointSlice.class);

        assertThat(ObjectTranslator.slice(slice))
                .isEqualTo(new SliceObject("default", "web-1", Map.of(), "IPv6", List.of(), List.of()));
    }

    @Test
    void aNodeIsItsNameLabelsAndAddresses() {
        Node node = Serialization.unmarshal("""
                apiVersion: v1
                kind: Node
                metadata:
                  name: node-1
                  labels: {topology.kubernetes.io/zone: zone-a, node-role.kubernetes.io/worker: }
                spec: {podCIDR: 10.1.0.0/24}
                status:
                  addresses:
                  - {type: InternalIP, address: 192.168.0.1}
                  - {type: Hostname, address: node-1}
                  capacity: {cpu: "2"}
                """, Node.class);

        assertThat(ObjectTranslator.node(node)).isEqualTo(NodeObject.staying("node-1",
                Map.of("topology.kubernetes.io/zone", "zone-a", "node-role.kubernetes.io/worker", ""),
                List.of(new NodeObject.Address("InternalIP", "192.168.0.1"),
                        new NodeObject.Address("Hostname", "node-1")),
                List.of("10.1.0.0/24")));
        assertThat(ObjectTranslator.node(new Node())).isEqualTo(NodeObject.staying("", Map.of(), List.of(), List.of()));
    }
}
