package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Upstream's conformance stories of Services that need no real pods ("[sig-network] Services", traffic policy and
 * distribution), told to the assembled proxy through the API: real sockets at the ClusterIPs and behind the endpoints.
 */
@Timeout(60)
class KubernetesStoriesTest {
    private static final int PORT = 8080;
    /** Upstream takes fifteen equal answers as a proof of affinity. */
    private static final int CONFIRMED = 15;
    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    Path directory;

    private final ApiDouble api = new ApiDouble();
    private final String nodeIp = Addresses.next();
    private final String vip = Addresses.next();
    private final String external = Addresses.next();
    private Pod one;
    private Pod two;
    private FairleadSetup setup;
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
        setup = FairleadSetup.in(directory).withSettings("""
                nodeName: n1
                healthzBindAddress: off
                metricsBindAddress: off
                nodePortAddresses: [primary]
                kubernetes: {server: "%s"}
                """.formatted(api.url()));
        fairlead = setup.start();
    }

    @AfterEach
    void end() throws IOException {
        fairlead.close();
        one.close();
        two.close();
        api.close();
    }

    private String service(String spec) {
        return service("", spec);
    }

    private String service(String labels, String spec) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {namespace: default, name: web, labels: {%s}}
                spec:
                  clusterIP: %s
                  ports: [{name: http, port: 80, protocol: TCP}]
                """.formatted(labels, vip) + spec.indent(2);
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
        return endpoint(pod, node, "ready: true, serving: true, terminating: false");
    }

    private static String draining(Pod pod, String node) {
        return endpoint(pod, node, "ready: false, serving: true, terminating: true");
    }

    private static String endpoint(Pod pod, String node, String conditions) {
        return "{addresses: [" + pod.ip() + "], nodeName: " + node + ", conditions: {" + conditions + "}}";
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
    void aServiceFollowsItsEndpoints() {
        api.apply(service(""), slice(ready(one)));
        awaitAt(vip + ":80", "one");

        api.apply(slice(ready(one), ready(two)));
        awaitAt(vip + ":80", "one", "two");

        api.apply(slice(ready(two)));
        awaitAt(vip + ":80", "two");
    }

    @Test
    void aConnectionIsRefusedAtOnceWhereNoEndpointExists() {
        api.apply(service(""), slice(ready(one)));
        awaitAt(vip + ":80", "one");

        api.apply(slice());

        awaitAt(vip + ":80", "REFUSED");
    }

    @Test
    void portsThatAreAddedServeAndPortsThatAreRemovedDoNotWhileOthersStay() throws IOException {
        String slice = slice(ready(one)).replace("ports: [", "ports: [{name: extra, port: " + PORT + "}, ");
        api.apply(service(""), slice);
        awaitAt(vip + ":80", "one");

        api.apply(service("").replace("ports: [", "ports: [{name: extra, port: 81}, "));
        awaitAt(vip + ":81", "one");
        assertThat(Knock.at(vip + ":80")).isEqualTo("one");

        api.apply(service(""));
        awaitAt(vip + ":81", "REFUSED");
        assertThat(Knock.at(vip + ":80")).isEqualTo("one");
    }

    @Test
    void aServiceThatIsDeletedRefusesAndOneOfTheSameNameServesAgain() {
        api.apply(service(""), slice(ready(one)));
        awaitAt(vip + ":80", "one");

        api.delete(service(""));
        awaitAt(vip + ":80", "REFUSED");

        api.apply(service(""));
        awaitAt(vip + ":80", "one");
    }

    @Test
    void aNodePortAndAnExternalIpLeadThereTooAndAreReleasedWithTheService() {
        api.apply(service("type: NodePort\nexternalIPs: [%s]".formatted(external)).replace("port: 80,",
                "port: 80, nodePort: 30080,"), slice(ready(one)));
        awaitAt(nodeIp + ":30080", "one");
        awaitAt(external + ":80", "one");

        api.delete(service(""));

        awaitAt(nodeIp + ":30080", "REFUSED");
        awaitAt(external + ":80", "REFUSED");
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
    void theTypeOfAServiceMayChangeBackAndForth() {
        api.apply(service("type: ExternalName\nexternalName: web.example"), slice(ready(one)));
        api.apply(service("type: NodePort").replace("port: 80,", "port: 80, nodePort: 30080,"));
        awaitAt(nodeIp + ":30080", "one");

        api.apply(service("type: ExternalName\nexternalName: web.example"));
        awaitAt(nodeIp + ":30080", "REFUSED");
        awaitAt(vip + ":80", "REFUSED");

        api.apply(service("type: ClusterIP"));
        awaitAt(vip + ":80", "one");
    }

    @Test
    void namedTargetPortsMayDifferFromSliceToSlice() throws IOException {
        try (Pod three = Pod.start("three", PORT + 1)) {
            String second = slice(ready(three)).replace("name: web-1", "name: web-2").replace("port: " + PORT,
                    "port: " + (PORT + 1));
            api.apply(service(""), slice(ready(one)), second);

            awaitAt(vip + ":80", "one", "three");
        }
    }

    @Test
    void sessionAffinitySticksAndMayBeSwitchedOffAndOn() throws IOException {
        api.apply(service("sessionAffinity: ClientIP"), slice(ready(one), ready(two)));
        await("the service is there").atMost(SOON).until(() -> !Knock.at(vip + ":80").equals("REFUSED"));
        assertThat(fifteen()).hasSize(1);

        api.apply(service("sessionAffinity: None"));
        awaitAt(vip + ":80", "one", "two");

        api.apply(service("sessionAffinity: ClientIP"));
        await("affinity is back").atMost(SOON).until(() -> fifteen().size() == 1);
    }

    private Set<String> fifteen() throws IOException {
        Set<String> met = new HashSet<>();
        for (int i = 0; i < CONFIRMED; i++) {
            met.add(Knock.at(vip + ":80"));
        }
        return met;
    }

    /**
     * A client that stays away for the timeout may meet another pod; upstream waits two minutes, here it is a second.
     */
    @Test
    void sessionAffinityEndsWithItsTimeout() throws IOException {
        api.apply(service("sessionAffinity: ClientIP\nsessionAffinityConfig: {clientIP: {timeoutSeconds: 1}}"),
                slice(ready(one), ready(two)));
        await("the service is there").atMost(SOON).until(() -> !Knock.at(vip + ":80").equals("REFUSED"));
        String first = fifteen().iterator().next();

        await("another pod").atMost(Duration.ofSeconds(40)).pollDelay(Duration.ofMillis(1100))
                .pollInterval(Duration.ofMillis(1100)).until(() -> !Knock.at(vip + ":80").equals(first));
    }

    @Test
    void eachPortOfAServiceMayBeServedByAnotherPod() {
        String second = slice(ready(two)).replace("name: web-1", "name: web-2").replace("name: http", "name: extra");
        api.apply(service("").replace("ports: [", "ports: [{name: extra, port: 81}, "), slice(ready(one)), second);
        awaitAt(vip + ":80", "one");
        awaitAt(vip + ":81", "two");

        api.delete(second);
        awaitAt(vip + ":81", "REFUSED");
        awaitAt(vip + ":80", "one");
    }

    @Test
    void anotherProxysServiceIsLeftAloneAndTheLabelMayComeAndGo() {
        api.apply(service("service.kubernetes.io/service-proxy-name: another", ""), slice(ready(one)));
        awaitAt(vip + ":80", "REFUSED");

        api.apply(service(""));
        awaitAt(vip + ":80", "one");

        api.apply(service("service.kubernetes.io/service-proxy-name: another", ""));
        awaitAt(vip + ":80", "REFUSED");
    }

    @Test
    void aServiceLabelledHeadlessIsLeftAloneAndTheLabelMayComeAndGo() {
        api.apply(service("service.kubernetes.io/headless: \"\"", ""), slice(ready(one)));
        awaitAt(vip + ":80", "REFUSED");

        api.apply(service(""));
        awaitAt(vip + ":80", "one");

        api.apply(service("service.kubernetes.io/headless: \"\"", ""));
        awaitAt(vip + ":80", "REFUSED");
    }

    @Test
    void anUnreadyPodServesOnlyWhereNotReadyAddressesArePublished() {
        api.apply(service(""), slice(endpoint(one, "n1", "ready: false, serving: false, terminating: false")));
        awaitAt(vip + ":80", "REFUSED");

        // The slice controller says ready where publishNotReadyAddresses is set, also of a pod that terminates.
        api.apply(slice(endpoint(one, "n1", "ready: true, serving: false, terminating: true")));
        awaitAt(vip + ":80", "one");
    }

    @Test
    void terminatingEndpointsServeWhereNoneIsReady() {
        api.apply(service(""), slice(draining(one, "n2"), ready(two, "n2")));
        awaitAt(vip + ":80", "two");

        api.apply(slice(draining(one, "n2")));
        awaitAt(vip + ":80", "one");
    }

    @Test
    void internalTrafficPolicyLocalKeepsToThisNodeItsTerminatingEndpointsIncluded() {
        api.apply(service("internalTrafficPolicy: Local"), slice(ready(one, "n1"), ready(two, "n2")));
        awaitAt(vip + ":80", "one");

        api.apply(slice(draining(one, "n1"), ready(two, "n2")));
        awaitAt(vip + ":80", "one");

        api.apply(slice(ready(two, "n2")));
        awaitAt(vip + ":80", "REFUSED");
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
    void hintsForThisNodeGoBeforeThoseForItsZone() {
        String here = ready(one, "n1").replace("conditions:",
                "hints: {forZones: [{name: zone-a}], forNodes: [{name: n1}]}, conditions:");
        String zone = ready(two, "n2").replace("conditions:",
                "hints: {forZones: [{name: zone-a}], forNodes: [{name: n2}]}, conditions:");
        api.apply(service(""), slice(here, zone));

        awaitAt(vip + ":80", "one");
    }

    @Test
    void aProxyThatStartsAgainServesWhatTheClusterSays() throws IOException {
        api.apply(service(""), slice(ready(one)));
        awaitAt(vip + ":80", "one");

        fairlead.close();
        fairlead = setup.start();

        assertThat(Knock.at(vip + ":80")).isEqualTo("one");
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
