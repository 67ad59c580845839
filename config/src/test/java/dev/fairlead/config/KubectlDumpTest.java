package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code kubectl get services,endpointslices,nodes -A --show-managed-fields} prints is valid as it is. */
class KubectlDumpTest {
    private static String dump(String name) {
        return Reading.file(Reading.RESOURCES.resolve("kubectl").resolve(name));
    }

    private static ObjectSet yaml() {
        return Reading.sound(dump("cluster.yaml")).objects();
    }

    private static ServiceObject service(String namespace, String name) {
        return yaml().services().stream().filter(s -> s.name().equals(new ServiceName(namespace, name))).findFirst()
                .orElseThrow();
    }

    private static SliceObject slice(String name) {
        return yaml().slices().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster.yaml", "cluster.json"})
    void isReadWithoutAProblemOrANote(String name) {
        ConfigReading reading = Reading.of(dump(name));

        assertThat(reading.problems()).isEmpty();
        assertThat(reading.notes()).isEmpty();
        assertThat(reading.settings()).isEqualTo(ProxyConfig.DEFAULTS);
        assertThat(reading.objects().services()).hasSize(7);
        assertThat(reading.objects().slices()).hasSize(7);
        assertThat(reading.objects().nodes()).hasSize(2);
    }

    @Test
    void saysTheSameInYamlAndInJson() {
        assertThat(Reading.sound(dump("cluster.json")).objects()).isEqualTo(yaml());
    }

    @Test
    void readsEachFieldOfADualStackLoadBalancer() {
        assertThat(service("shop", "edge")).isEqualTo(new ServiceObject(new ServiceName("shop", "edge"),
                Map.of("app", "edge"), Map.of("metallb.universe.tf/ip-allocated-from-pool", "first"), "LoadBalancer",
                "10.96.77.7", List.of("10.96.77.7", "fd00:10:96::77"), List.of("IPv4", "IPv6"),
                List.of(new ServiceObject.Port("http", "TCP", 80, 30080),
                        new ServiceObject.Port("https", "TCP", 443, 30443)),
                List.of("203.0.113.7"),
                List.of(new ServiceObject.Ingress("198.51.100.200", "VIP"), new ServiceObject.Ingress("", "")),
                List.of("198.51.100.0/24", " 2001:db8::/32"), "ClientIP", Optional.of(10800), "Cluster", "Local",
                31999));
    }

    @Test
    void leavesHeadlessAndExternalNameServicesAsTheyAre() {
        assertThat(service("shop", "db").clusterIP()).isEqualTo("None");
        assertThat(service("shop", "payments").type()).isEqualTo("ExternalName");
        assertThat(service("shop", "payments").clusterIP()).isEmpty();
        assertThat(service("shop", "payments").ports()).isEmpty();
    }

    @Test
    void keepsTheAnnotationsThatSetAPolicy() {
        assertThat(service("shop", "web").annotations()).containsEntry("fairlead.dev/balancer", "least-conn")
                .containsEntry("fairlead.dev/connect-timeout", "500ms");
    }

    @Test
    void keepsAPortWithoutANameNamelessAndItsProtocol() {
        assertThat(service("monitoring", "prometheus").ports())
                .containsExactly(new ServiceObject.Port("", "TCP", 9090, 30090));
        assertThat(service("kube-system", "kube-dns").ports()).extracting(ServiceObject.Port::protocol)
                .containsExactly("UDP", "TCP", "TCP");
    }

    @Test
    void readsEachFieldOfAnEndpoint() {
        SliceObject web = slice("web-b7c9q");

        assertThat(web.namespace()).isEqualTo("shop");
        assertThat(web.addressType()).isEqualTo("IPv4");
        assertThat(web.labels()).containsEntry("kubernetes.io/service-name", "web");
        assertThat(web.ports())
                .containsExactly(new SliceObject.Port(Optional.of("http"), "TCP", Optional.of(8080)));
        assertThat(web.endpoints()).element(2).isEqualTo(
                new SliceObject.Member(List.of("10.244.1.21"), Optional.of(false), Optional.of(true),
                        Optional.of(true), Optional.of("worker-2"), List.of(), List.of()));
        assertThat(slice("kube-dns-4xk2l").endpoints()).extracting(SliceObject.Member::zoneHints)
                .containsExactly(List.of("zone-a"), List.of("zone-b"));
    }

    @Test
    void leavesConditionsThatASliceDoesNotSayAbsent() {
        assertThat(slice("kubernetes").endpoints()).containsExactly(
                new SliceObject.Member(List.of("192.168.49.2"), Optional.of(true), Optional.empty(), Optional.empty(),
                        Optional.empty(), List.of(), List.of()));
    }

    @Test
    void readsASliceWithoutPortsAndEndpointsAsEmpty() {
        assertThat(dump("cluster.yaml")).contains("endpoints: null");
        assertThat(slice("prometheus-none1").ports()).isEmpty();
        assertThat(slice("prometheus-none1").endpoints()).isEmpty();
    }

    @Test
    void readsTheLabelsAndAddressesOfNodes() {
        NodeObject node = yaml().nodes().getFirst();

        assertThat(node.name()).isEqualTo("worker-1");
        assertThat(node.labels()).containsEntry("topology.kubernetes.io/zone", "zone-a");
        assertThat(node.addresses()).containsExactly(new NodeObject.Address("InternalIP", "192.168.49.2"),
                new NodeObject.Address("Hostname", "worker-1"));
    }
}
