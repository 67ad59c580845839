package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stories of a cluster that upstream's list does not have, told to the assembled proxy through the API: real sockets at
 * the ClusterIPs and behind the endpoints.
 */
@Timeout(60)
class KubernetesStoriesTest {
    private static final int PORT = 8080;
    private static final int CONFIRMED = 15;
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final ApiDouble api = new ApiDouble();
    private final String nodeIp = Addresses.next();
    private final String vip = Addresses.next();
    private Pod one;
    private Pod two;
    private FairleadProcess fairlead;

    @BeforeEach
    void start() throws IOException {
        Requires.linux();
        one = Pod.start("one", PORT);
        two = Pod.start("two", PORT);
        api.apply("""
                apiVersion: v1
                kind: Node
                metadata: {name: n1, labels: {topology.kubernetes.io/zone: zone-a}}
                status: {addresses: [{type: InternalIP, address: %s}]}
                """.formatted(nodeIp));
        fairlead = FairleadSetup.in(directory).following(api).start();
    }

    @AfterEach
    void end() throws IOException {
        fairlead.close();
        one.close();
        two.close();
        api.close();
    }

    private String service(String spec) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {namespace: default, name: web}
                spec:
                  clusterIP: %s
                  ports: [{name: http, port: 80, protocol: TCP}]
                """.formatted(vip) + spec.indent(2);
    }

    /** {@code pod on node, conditions}, as endpoints of the one slice. */
    private String slice(String... endpoints) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {namespace: default, name: web-1, labels: {kubernetes.io/service-name: web}}
                addressType: IPv4
                ports: [{name: http, port: %d, protocol: TCP}]
                endpoints: [%s]
                """.formatted(PORT, String.join(", ", endpoints));
    }

    private static String ready(Pod pod) {
        return ready(pod, "n1");
    }

    private static String ready(Pod pod, String node) {
        return "{addresses: [" + pod.ip() + "], nodeName: " + node
                + ", conditions: {ready: true, serving: true, terminating: false}}";
    }

    private static void awaitAt(String address, String... expected) {
        Set<String> wanted = new TreeSet<>(Arrays.asList(expected));
        await(address + " leads to " + wanted).atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            Set<String> met = new TreeSet<>();
            for (int i = 0; i < CONFIRMED; i++) {
                met.add(Knock.at(address));
            }
            return met.equals(wanted);
        });
    }

    @Test
    void aNodePortThatSomebodyElseHasIsToldOnTheServiceWhileAllElseServesAndServesOnceItIsFree() throws IOException {
        try (ServerSocket squatter = new ServerSocket()) {
            squatter.bind(Addresses.socket(nodeIp + ":30080"));
            api.apply(service("type: NodePort").replace("port: 80,", "port: 80, nodePort: 30080,"), slice(ready(one)));

            awaitAt(vip + ":80", "one");
            await("an Event").atMost(SOON).until(() -> !api.notes("default", "web").isEmpty());
            assertThat(api.notes("default", "web")).singleElement().asString()
                    .contains("cannot listen at " + nodeIp + ":30080/TCP", "Address already in use", "ss -ltunp");
        }

        awaitAt(nodeIp + ":30080", "one");
        assertThat(api.notes("default", "web")).hasSize(1);
        assertThat(fairlead.metric("rest_client_requests_total")).isGreaterThanOrEqualTo(2);
        assertThat(fairlead.admin("/metrics").body()).contains("code=\"201\",host=\""
                + api.url().replaceAll("^http://|/$", "") + "\",method=\"POST\"");
    }

    @Test
    void externalTrafficPolicyLocalTakesTheShortCircuitFromThisNode() {
        api.apply(service("type: NodePort\nexternalTrafficPolicy: Local").replace("port: 80,",
                "port: 80, nodePort: 30080,"), slice(ready(one, "n2")));

        awaitAt(nodeIp + ":30080", "one");
    }

    @Test
    void hintsForThisZoneAreFollowedWhileEveryEndpointHasThemAndTheNodesLabelMayChange() {
        String near = ready(one, "n2").replace("conditions:", "hints: {forZones: [{name: zone-a}]}, conditions:");
        String far = ready(two, "n2").replace("conditions:", "hints: {forZones: [{name: zone-b}]}, conditions:");
        api.apply(service(""), slice(near, far));
        awaitAt(vip + ":80", "one");

        api.apply("""
                apiVersion: v1
                kind: Node
                metadata: {name: n1, labels: {topology.kubernetes.io/zone: zone-b}}
                status: {addresses: [{type: InternalIP, address: %s}]}
                """.formatted(nodeIp));
        awaitAt(vip + ":80", "two");

        api.apply(slice(near, ready(two, "n2")));
        awaitAt(vip + ":80", "one", "two");
    }

    @Test
    void theRunningProxyExplainsWhatItDoes() throws IOException {
        api.apply(service("sessionAffinity: ClientIP"), slice(ready(one)));
        awaitAt(vip + ":80", "one");

        String answer = fairlead.admin("/api/v1/explain?to=" + vip + ":80&from=127.0.0.1").body();

        assertThat(answer.lines().map(String::strip).collect(Collectors.toList()))
                .contains("door open", "its last connection went to " + one.ip() + ":" + PORT + " (ClientIP affinity)")
                .anyMatch(line -> line.contains("FORWARD to " + one.ip() + ":" + PORT));
    }
}
