package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShortServiceTest {
    private static ObjectSet objects(String services) {
        return Reading.sound(Reading.configuration("services:\n" + services)).objects();
    }

    private static List<String> problems(String services) {
        return Reading.problems(Reading.configuration("services:\n" + services));
    }

    @Test
    void standsForTheServiceAndTheSliceThatWouldSayTheSame() {
        ObjectSet objects = objects("""
                - name: web
                  namespace: shop
                  listen: "127.0.10.10:8080"
                  protocol: TCP
                  sessionAffinity: ClientIP
                  balancer: round-robin
                  connectAttempts: 2
                  endpoints: ["127.0.0.1:8081", "localhost:8082", "127.0.0.2:8081"]
                """);

        assertThat(objects.services()).containsExactly(new ServiceObject(new ServiceName("shop", "web"), Map.of(),
                Map.of("fairlead.dev/balancer", "round-robin", "fairlead.dev/connect-attempts", "2"), "ClusterIP",
                "127.0.10.10", List.of("127.0.10.10"), List.of("IPv4"),
                List.of(new ServiceObject.Port("", "TCP", 8080, 0)), List.of(), List.of(), List.of(), "ClientIP",
                Optional.empty(), "", "", 0));
        assertThat(objects.slices()).containsExactly(slice("shop", "web", "web-ipv4-8081", 8081, "127.0.0.1",
                "127.0.0.2"), slice("shop", "web", "web-ipv4-8082", 8082, "127.0.0.1"));
    }

    private static SliceObject slice(String namespace, String service, String name, int port, String... addresses) {
        List<SliceObject.Member> members = List.of(addresses).stream()
                .map(address -> new SliceObject.Member(List.of(address), Optional.of(true), Optional.of(true),
                        Optional.of(false), Optional.empty(), List.of(), List.of()))
                .toList();
        return new SliceObject(namespace, name, Map.of("kubernetes.io/service-name", service), "IPv4",
                List.of(new SliceObject.Port(Optional.of(""), "TCP", Optional.of(port))), members);
    }

    @Test
    void aServiceWithoutEndpointsIsAServiceWithoutSlices() {
        ObjectSet objects = objects("- {name: web, listen: \"127.0.0.1:8080\", endpoints: []}\n");

        assertThat(objects.services()).hasSize(1);
        assertThat(objects.slices()).isEmpty();
    }

    @Test
    void aUdpServiceListensOnAddressesOneByOne() {
        assertThat(problems("- {name: dns, protocol: UDP, listen: [\"127.0.0.1:54\", \"0.0.0.0:53\"],"
                + " endpoints: [\"127.0.0.2:53\"]}\n- {name: web, listen: \"0.0.0.0:80\","
                + " endpoints: [\"127.0.0.2:80\"]}\n")).singleElement().asString().endsWith("services[0].listen[1]:"
                        + " 0.0.0.0:53 stands for every address, from which a UDP service cannot reply"
                        + " (expected: each address by itself)");
        assertThat(problems("- {name: dns, protocol: UDP, listen: \"[::]:53\", endpoints: [\"[::1]:53\"]}\n"))
                .hasSize(1);
    }

    @Test
    void oneAddressOfEachFamilyIsADualStackService() {
        ObjectSet objects = objects("""
                - name: web
                  listen: ["[::1]:8080", "127.0.0.1:8080"]
                  endpoints: ["127.0.0.1:8081", "[::1]:8081"]
                """);

        ServiceObject service = objects.services().getFirst();
        assertThat(service.clusterIP()).isEqualTo("::1");
        assertThat(service.clusterIPs()).containsExactly("::1", "127.0.0.1");
        assertThat(service.ipFamilies()).containsExactly("IPv6", "IPv4");
        assertThat(objects.slices()).extracting(SliceObject::addressType).containsExactly("IPv4", "IPv6");
    }

    @Test
    void furtherAddressesOfOneFamilyAndPortAreExternalIps() {
        ObjectSet objects = objects("""
                - name: web
                  listen: ["127.0.0.1:8080", "127.0.0.2:8080"]
                  endpoints: ["127.0.0.1:8081"]
                """);

        assertThat(objects.services()).hasSize(1);
        assertThat(objects.services().getFirst().clusterIPs()).containsExactly("127.0.0.1");
        assertThat(objects.services().getFirst().externalIPs()).containsExactly("127.0.0.2");
    }

    @Test
    void anotherPortIsAServiceOfItsOwnSinceAServiceOpensEachPortOnEachAddress() {
        ObjectSet objects = objects("""
                - name: web
                  listen: ["127.0.0.1:8080", "127.0.0.2:9090"]
                  balancer: least-conn
                  endpoints: ["127.0.0.1:8081"]
                """);

        assertThat(objects.services()).extracting(s -> s.name().name()).containsExactly("web", "web-9090");
        assertThat(objects.services()).extracting(ServiceObject::clusterIP).containsExactly("127.0.0.1", "127.0.0.2");
        assertThat(objects.services()).extracting(ServiceObject::annotations)
                .containsOnly(Map.of("fairlead.dev/balancer", "least-conn"));
        assertThat(objects.slices()).extracting(s -> s.labels().get("kubernetes.io/service-name")).containsExactly(
                "web", "web-9090");
        assertThat(objects.slices()).extracting(SliceObject::name).doesNotHaveDuplicates();
    }

    @Test
    void theNameOfAFurtherPortMayBeTaken() {
        assertThat(problems("""
                - {name: web, listen: ["127.0.0.1:8080", "127.0.0.1:9090"], endpoints: []}
                - {name: web-9090, listen: "127.0.0.1:7070", endpoints: []}
                """)).containsExactly("a.yaml:5:10: services[1].name: Service default/web-9090 is declared twice"
                + " (first at a.yaml:4:10)");
    }

    @Test
    void belongsToThisProxyWhateverItsName() {
        ObjectSet objects = Reading.sound(Reading.configuration("""
                serviceProxyName: mine
                services: [{name: web, listen: "127.0.0.1:8080", endpoints: []}]
                """)).objects();

        assertThat(objects.services().getFirst().labels())
                .isEqualTo(Map.of("service.kubernetes.io/service-proxy-name", "mine"));
    }

    @Test
    void doorsWithinAProxyOfANameAreComparedWithServicesOfThatNameOnly() {
        String configuration = Reading.configuration("""
                serviceProxyName: mine
                services: [{name: web, listen: "127.0.0.1:8080", endpoints: []}]
                """);
        String service = """
                apiVersion: v1
                kind: Service
                metadata: {name: other, labels: {service.kubernetes.io/service-proxy-name: %s}}
                spec: {clusterIP: 127.0.0.1, ports: [{port: 8080}]}
                """;

        assertThat(Reading.problems(configuration, service.formatted("yours"))).isEmpty();
        assertThat(Reading.problems(configuration, service.formatted("mine"))).containsExactly(
                "b.yaml:4:45: spec.ports[0].port: TCP 127.0.0.1:8080 is already taken by Service default/web"
                        + " (services[0].listen at a.yaml:4:32)");
    }

    @Test
    void endpointsAndListenAddressesAreOfTheSameFamilies() {
        assertThat(problems("- {name: web, listen: \"127.0.0.1:8080\", endpoints: [\"[::1]:8081\"]}\n"))
                .containsExactly(
                        "a.yaml:4:23: services[0].listen: 127.0.0.1:8080 is an IPv4 address, but no endpoint is IPv4"
                                + " (expected: an endpoint of the same family as the listen address)",
                        "a.yaml:4:53: services[0].endpoints[0]: [::1]:8081 is an IPv6 endpoint, but no listen address"
                                + " is IPv6 (expected: endpoints of the same family as a listen address)");
    }

    @Test
    void anEndpointIsListedOnce() {
        assertThat(problems(
                "- {name: web, listen: \"127.0.0.1:8080\", endpoints: [\"127.0.0.1:81\", \"localhost:81\"]}\n"))
                .containsExactly(
                        "a.yaml:4:69: services[0].endpoints[1]: 127.0.0.1:81 is listed twice (first at a.yaml:4:53)");
    }

    @Test
    void whatMustBeThereIsAskedForAllAtOnce() {
        assertThat(problems("- {namespace: shop}\n")).containsExactly(
                "a.yaml:4:3: services[0]: name is missing (expected: what the service is called)",
                "a.yaml:4:3: services[0]: listen is missing (expected: the address that clients dial, or a list of them;"
                        + " those of another port make a service name-port)",
                "a.yaml:4:3: services[0]: endpoints is missing (expected: the addresses that connections go to)");
    }
}
