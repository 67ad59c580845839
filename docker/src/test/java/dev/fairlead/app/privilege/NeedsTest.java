package dev.fairlead.app.privilege;

import static dev.fairlead.app.privilege.Feature.LOW_PORTS;
import static dev.fairlead.app.privilege.Feature.ONE_DOOR;
import static dev.fairlead.app.privilege.Feature.SERVICE_ADDRESSES;
import static dev.fairlead.app.privilege.Feature.SILENT_DROP;
import static dev.fairlead.app.privilege.Feature.TRANSPARENT;
import static dev.fairlead.app.privilege.Feature.UDP_BUFFERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.app.privilege.Needs.Services;
import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ConfigReader;
import dev.fairlead.config.ConfigReading;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceTranslator;
import dev.fairlead.source.SnapshotReader.Text;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NeedsTest {
    private static final String CLUSTER = "kubernetes: {server: \"http://127.0.0.1:1\"}\n";

    private static Needs needs(String settings, Services services, MachineLimits anybody) {
        Balancers balancers = Balancers.installed();
        ConfigReading reading = new ConfigReader(balancers).read(List.of(new Text("test", """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                """ + settings)));
        assertThat(reading.problems()).isEmpty();
        return Needs.of(reading.settings(), new ServiceTranslator(new PolicyWords(balancers))
                .translate(reading.objects(), reading.settings().services(), Optional.empty()), services, anybody);
    }

    private static String service(String listen, String more) {
        return "services: [{name: web, listen: \"" + listen + "\", endpoints: [\"127.0.0.1:9001\"]" + more + "}]\n";
    }

    private static String object(String spec) {
        return """
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: web, namespace: default}
                spec: {clusterIP: 10.96.0.10, ports: [{port: 8080}], %s}
                """.formatted(spec);
    }

    static Stream<Arguments> configurations() {
        return Stream.of(arguments("nothing", "", Set.of()),
                arguments("a service at a port from 1024 on", service("127.0.0.1:1024", ""), Set.of()),
                arguments("one below", service("127.0.0.1:1023", ""), Set.of(LOW_PORTS)),
                arguments("status at a port below", "admin: \"127.0.0.1:999\"\n", Set.of(LOW_PORTS)),
                arguments("status at any port", "admin: \"127.0.0.1:0\"\n", Set.of()),
                arguments("UDP", service("127.0.0.1:5353", ", protocol: UDP"), Set.of(UDP_BUFFERS)),
                arguments("the client's address", service("127.0.0.1:8080", ", transparent: all"),
                        Set.of(TRANSPARENT)),
                arguments("a plain Service", object("type: ClusterIP"), Set.of()),
                arguments("a policy", object("internalTrafficPolicy: Local"), Set.of(SILENT_DROP)),
                arguments("source ranges",
                        object("type: LoadBalancer, loadBalancerSourceRanges: [192.0.2.0/24], externalIPs: [192.0.2.1]"),
                        Set.of(SILENT_DROP)),
                arguments("addresses, by name", "serviceAddresses: anyip\n", Set.of(SERVICE_ADDRESSES)),
                arguments("the one door, by name", "oneDoor: \"on\"\n", Set.of(ONE_DOOR)),
                arguments("a cluster", CLUSTER,
                        Set.of(LOW_PORTS, SERVICE_ADDRESSES, ONE_DOOR, SILENT_DROP, UDP_BUFFERS)),
                arguments("a cluster, other ways", CLUSTER + "serviceAddresses: freebind\noneDoor: \"off\"\n",
                        Set.of(LOW_PORTS, SILENT_DROP, UDP_BUFFERS)),
                arguments("a cluster whose endpoints see clients", CLUSTER + "defaults: {transparent: local}\n",
                        Set.of(LOW_PORTS, SERVICE_ADDRESSES, ONE_DOOR, SILENT_DROP, UDP_BUFFERS, TRANSPARENT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("configurations")
    void needs(String what, String settings, Set<Feature> expected) {
        Needs needs = needs(settings, Services.FIXED, MachineLimits.USUAL);

        assertThat(needs.now()).as(what).isEqualTo(expected);
        assertThat(needs.later()).isEmpty();
    }

    @Test
    void whatIsFollowedMayBringMore() {
        assertThat(needs("", Services.FOLLOWED, MachineLimits.USUAL).ever())
                .containsExactly(LOW_PORTS, SILENT_DROP, TRANSPARENT, UDP_BUFFERS);
    }

    @Test
    void whatAnybodyMayDoTakesNoPrivilege() {
        Needs needs = needs(service("127.0.0.1:53", ", protocol: UDP"), Services.FOLLOWED,
                new MachineLimits(0, 1 << 20));

        assertThat(needs.ever()).containsExactly(SILENT_DROP, TRANSPARENT);
        assertThat(needs(service("127.0.0.1:53", ""), Services.FIXED, new MachineLimits(53, 0)).now()).isEmpty();
    }
}
