package dev.fairlead.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.Arrays;
import java.util.Map;

/** Objects as tests want them. */
final class Given {
    static final String PROXY_NAME = "service.kubernetes.io/service-proxy-name";
    static final String HEADLESS = "service.kubernetes.io/headless";

    private Given() {
    }

    /** With one TCP port 80 named {@code http}. */
    static Service service(String namespace, String name, String clusterIp) {
        return new ServiceBuilder().withNewMetadata().withNamespace(namespace).withName(name).endMetadata()
                .withNewSpec().withClusterIP(clusterIp).addNewPort().withName("http").withProtocol("TCP").withPort(80)
                .endPort().endSpec().build();
    }

    static Service labelled(Service service, String label, String value) {
        return new ServiceBuilder(service).editMetadata().addToLabels(label, value).endMetadata().build();
    }

    static Service annotated(Service service, String annotation, String value) {
        return new ServiceBuilder(service).editMetadata().addToAnnotations(annotation, value).endMetadata().build();
    }

    /** Of the Service's port {@code http}, at 8080. */
    static EndpointSlice slice(String namespace, String service, String name, String... addresses) {
        return new EndpointSliceBuilder().withNewMetadata().withNamespace(namespace).withName(name)
                .addToLabels("kubernetes.io/service-name", service).endMetadata().withAddressType("IPv4").addNewPort()
                .withName("http").withProtocol("TCP").withPort(8080).endPort()
                .withEndpoints(Arrays.stream(addresses)
                        .map(address -> new EndpointBuilder().withAddresses(address).withNewConditions()
                                .withReady(true).endConditions().build())
                        .toList())
                .build();
    }

    static EndpointSlice triggered(EndpointSlice slice, String time) {
        return new EndpointSliceBuilder(slice).editMetadata()
                .addToAnnotations("endpoints.kubernetes.io/last-change-trigger-time", time).endMetadata().build();
    }

    /** At 192.168.0.2. */
    static Node node(String name, String zone) {
        return new NodeBuilder().withNewMetadata().withName(name)
                .withLabels(Map.of("topology.kubernetes.io/zone", zone)).endMetadata().withNewSpec()
                .withPodCIDRs("10.1.2.0/24").endSpec().withNewStatus().addNewAddress().withType("InternalIP")
                .withAddress("192.168.0.2").endAddress().endStatus().build();
    }
}
