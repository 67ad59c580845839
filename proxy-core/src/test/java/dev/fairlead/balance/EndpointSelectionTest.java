package dev.fairlead.balance;

import static dev.fairlead.model.TrafficPolicy.CLUSTER;
import static dev.fairlead.model.TrafficPolicy.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Ports;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TrafficPolicy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EndpointSelectionTest {
    private static final String NEVER = "never";
    private static final NodeIdentity HERE = new NodeIdentity(Optional.of("here"), Optional.of("zone-a"), List.of());
    private static final NodeIdentity NO_ZONE = new NodeIdentity(Optional.of("here"), Optional.empty(), List.of());
    private static final NodeIdentity EMPTY_ZONE = new NodeIdentity(Optional.of("here"), Optional.of(""), List.of());

    /** One endpoint in the making; its address is its place in the row. */
    record Pod(boolean ready, boolean serving, boolean terminating, String node, Set<String> zones,
            Set<String> nodes) {
        Pod on(String name) {
            return new Pod(ready, serving, terminating, name, zones, nodes);
        }

        Pod zones(String... names) {
            return new Pod(ready, serving, terminating, node, Set.of(names), nodes);
        }

        Pod nodes(String... names) {
            return new Pod(ready, serving, terminating, node, zones, Set.of(names));
        }
    }

    private static Pod ready() {
        return new Pod(true, true, false, "", Set.of(), Set.of());
    }

    private static Pod readyTerminating() {
        return new Pod(true, true, true, "", Set.of(), Set.of());
    }

    private static Pod draining() {
        return new Pod(false, true, true, "", Set.of(), Set.of());
    }

    private static Pod unready() {
        return new Pod(false, false, false, "", Set.of(), Set.of());
    }

    private static Pod servingOnly() {
        return new Pod(false, true, false, "", Set.of(), Set.of());
    }

    private static Pod gone() {
        return new Pod(false, false, true, "", Set.of(), Set.of());
    }

    /** A Service port by what decides which sets it uses. */
    record Policies(TrafficPolicy internal, TrafficPolicy external, List<FrontendKind> frontends) {
    }

    private static Policies policies(TrafficPolicy internal, TrafficPolicy external, FrontendKind... frontends) {
        return new Policies(internal, external, List.of(frontends));
    }

    private static final Policies PLAIN = policies(CLUSTER, CLUSTER, FrontendKind.CLUSTER_IP);
    private static final Policies INTERNAL_LOCAL = policies(LOCAL, CLUSTER, FrontendKind.CLUSTER_IP);
    private static final Policies EXTERNAL_LOCAL = policies(CLUSTER, LOCAL, FrontendKind.CLUSTER_IP,
            FrontendKind.NODE_PORT);

    record Row(String sentence, Policies policies, NodeIdentity node, List<Pod> pods, String cluster,
            String local, boolean hasAny) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Row row(String sentence, Policies policies, String cluster, String local, boolean hasAny,
            Pod... pods) {
        return new Row(sentence, policies, HERE, List.of(pods), cluster, local, hasAny);
    }

    private static Row row(String sentence, NodeIdentity node, String cluster, Pod... pods) {
        return new Row(sentence, PLAIN, node, List.of(pods), cluster, NEVER, true);
    }

    static Stream<Row> policyAndReadiness() {
        return Stream.of(row("no endpoints: the cluster set is empty, the local set is never used", PLAIN, "", NEVER,
                false),
                row("every ready endpoint is used, wherever it runs", PLAIN, "1 2 3", NEVER, true,
                        ready().on("here"), ready().on("there"), ready()),
                row("an endpoint that is not ready is left out", PLAIN, "2", NEVER, true, unready(), ready()),
                row("all unready is as good as none", PLAIN, "", NEVER, false, unready(), unready()),
                row("serving alone does not make an endpoint usable", PLAIN, "", NEVER, false, servingOnly()),
                row("a ready endpoint keeps those that drain out", PLAIN, "1", NEVER, true, ready(), draining()),
                row("nothing ready: those that serve while terminating are used", PLAIN, "2 3", NEVER, true, unready(),
                        draining(), draining()),
                row("terminating and no longer serving is never used, not even as the last", PLAIN, "", NEVER, false,
                        gone(), unready()),
                row("ready although terminating is used as ready (publishNotReadyAddresses)", PLAIN, "1", NEVER, true,
                        readyTerminating(), draining()),
                row("internal policy Local without a way in from outside never uses the cluster set", INTERNAL_LOCAL,
                        NEVER, "1", true, ready().on("here"), ready().on("there"), ready()),
                row("internal policy Local without a local endpoint is empty, not never, and others still exist",
                        INTERNAL_LOCAL, NEVER, "", true, ready().on("there")),
                row("internal policy Local falls back to what drains here, though ready ones run elsewhere",
                        INTERNAL_LOCAL, NEVER, "2", true, ready().on("there"), draining().on("here"),
                        draining().on("there")),
                row("internal policy Local with an external frontend uses both sets",
                        policies(LOCAL, CLUSTER, FrontendKind.CLUSTER_IP, FrontendKind.EXTERNAL_IP), "1 2", "1",
                        true, ready().on("here"), ready().on("there")),
                row("external policy Local uses both sets", EXTERNAL_LOCAL, "1 2", "2", true, ready().on("there"),
                        ready().on("here")),
                row("external policy Local without any external frontend never uses the local set",
                        policies(CLUSTER, LOCAL, FrontendKind.CLUSTER_IP), "1 2", NEVER, true,
                        ready().on("there"), ready().on("here")),
                row("external policy Local counts for a load balancer's address too",
                        policies(CLUSTER, LOCAL, FrontendKind.LOAD_BALANCER), "1", "", true, ready().on("there")),
                row("both policies Local and reachable from outside: both sets",
                        policies(LOCAL, LOCAL, FrontendKind.CLUSTER_IP, FrontendKind.LOAD_BALANCER), "1 2", "1",
                        true, ready().on("here"), ready().on("there")),
                row("both policies Local, ClusterIP only: the local set alone",
                        policies(LOCAL, LOCAL, FrontendKind.CLUSTER_IP), NEVER, "1", true, ready().on("here"),
                        ready().on("there")),
                row("each set falls back on its own: local drains while the cluster set has ready ones",
                        EXTERNAL_LOCAL, "1", "2", true, ready().on("there"), draining().on("here")),
                row("nothing ready anywhere: both sets use what serves while terminating", EXTERNAL_LOCAL, "1 2", "2",
                        true, draining().on("there"), draining().on("here")),
                row("a ready local endpoint keeps the draining local one out", EXTERNAL_LOCAL, "1", "1", true,
                        ready().on("here"), draining().on("here")),
                row("ready although terminating is local like any other", EXTERNAL_LOCAL, "1", "1", true,
                        readyTerminating().on("here"), draining().on("here")),
                row("unready local endpoints are never used", EXTERNAL_LOCAL, "2", "", true, unready().on("here"),
                        ready().on("there"), gone().on("here")),
                new Row("without a node name nothing is local, not even an endpoint without a node", EXTERNAL_LOCAL,
                        NodeIdentity.NONE, List.of(ready(), ready().on("here")), "1 2", "", true));
    }

    static Stream<Row> hints() {
        NodeIdentity nameless = new NodeIdentity(Optional.empty(), Optional.of("zone-a"), List.of());
        return Stream.of(
                row("all ready ones hinted and some for this zone: those only", HERE, "1 3", ready().zones("zone-a"),
                        ready().zones("zone-b"), ready().zones("zone-c", "zone-a")),
                row("one ready endpoint without hints: hints are ignored", HERE, "1 2 3", ready().zones("zone-a"),
                        ready().zones("zone-b"), ready()),
                row("an unready endpoint without hints does not switch them off", HERE, "1",
                        ready().zones("zone-a"), ready().zones("zone-b"), unready()),
                row("a draining endpoint without hints does not switch them off", HERE, "1",
                        ready().zones("zone-a"), ready().zones("zone-b"), draining()),
                row("no hint for this zone: hints are ignored", HERE, "1 2", ready().zones("zone-b"),
                        ready().zones("zone-c")),
                row("the only endpoint hinted for this zone is not ready: hints are ignored", HERE, "2",
                        unready().zones("zone-a"), ready().zones("zone-b")),
                row("a node without a zone ignores zone hints", NO_ZONE, "1 2", ready().zones("zone-a"),
                        ready().zones("zone-b")),
                row("a zone \"\" never matches, not even a hint for \"\"", EMPTY_ZONE, "1 2", ready().zones(""),
                        ready().zones("zone-b")),
                row("the fallback to draining endpoints ignores hints", HERE, "1 2", draining().zones("zone-a"),
                        draining().zones("zone-b")),
                row("where an endpoint runs says nothing about its hints", HERE, "2",
                        ready().on("here").zones("zone-b"), ready().on("there").zones("zone-a")),
                row("node hints for this node beat zone hints", HERE, "2",
                        ready().zones("zone-a").nodes("there"), ready().zones("zone-b").nodes("here")),
                row("no node hint for this node: zone hints decide", HERE, "1",
                        ready().zones("zone-a").nodes("there"), ready().zones("zone-b").nodes("elsewhere")),
                row("one ready endpoint without node hints: zone hints decide", HERE, "1",
                        ready().zones("zone-a"), ready().zones("zone-b").nodes("here")),
                row("a node without a zone still follows node hints", NO_ZONE, "2", ready().nodes("there"),
                        ready().nodes("here")),
                row("a node without a name ignores node hints", nameless, "1",
                        ready().zones("zone-a").nodes("here"), ready().zones("zone-b").nodes("there")),
                new Row("hints never touch the local set", EXTERNAL_LOCAL, HERE,
                        List.of(ready().on("there").zones("zone-a"), ready().on("here").zones("zone-b")), "1", "2",
                        true),
                new Row("hints never touch the local set, node hints neither", INTERNAL_LOCAL, HERE,
                        List.of(ready().on("here").nodes("there"), ready().on("there").nodes("here")), NEVER, "1",
                        true));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"policyAndReadiness", "hints"})
    void theUsableEndpointsAreThoseOfKubeProxy(Row row) {
        UsableEndpoints usable = EndpointSelection.select(port(row.policies(), row.pods()), row.node());

        assertThat(text(usable.cluster())).as("cluster set").isEqualTo(row.cluster());
        assertThat(text(usable.local())).as("local set").isEqualTo(row.local());
        assertThat(usable.hasAny()).as("hasAny").isEqualTo(row.hasAny());
        assertThat(usable.uses()).as("uses name every endpoint, in order").extracting(UsableEndpoints.Use::endpoint)
                .isEqualTo(port(row.policies(), row.pods()).endpoints());
        assertThat(usable.uses()).as("uses agree with the sets").allSatisfy(use -> {
            assertThat(use.inCluster()).isEqualTo(usable.cluster().orElse(List.of()).contains(use.endpoint()));
            assertThat(use.inLocal()).isEqualTo(usable.local().orElse(List.of()).contains(use.endpoint()));
            assertThat(use.why()).isNotEmpty();
        });
    }

    record Reason(String why, Policies policies, NodeIdentity node, List<Pod> pods) {
        @Override
        public String toString() {
            return why;
        }
    }

    /** The reason is that of the first pod. */
    private static Reason reason(String why, Policies policies, NodeIdentity node, Pod... pods) {
        return new Reason(why, policies, node, List.of(pods));
    }

    static Stream<Reason> reasons() {
        return Stream.of(reason("ready", PLAIN, HERE, ready()),
                reason("ready although terminating", PLAIN, HERE, readyTerminating()),
                reason("not ready", PLAIN, HERE, unready(), ready()),
                reason("terminating and no longer serving", EXTERNAL_LOCAL, HERE, gone()),
                reason("serving and terminating; nothing is ready", PLAIN, HERE, draining()),
                reason("serving and terminating, but others are ready", PLAIN, HERE, draining(), ready()),
                reason("ready; hinted for this node's zone", PLAIN, HERE, ready().zones("zone-a")),
                reason("ready, but hinted for zone-b", PLAIN, HERE, ready().zones("zone-b"),
                        ready().zones("zone-a")),
                reason("ready, but hinted for zone-b and zone-c", PLAIN, HERE, ready().zones("zone-c", "zone-b"),
                        ready().zones("zone-a")),
                reason("ready; hinted for this node", PLAIN, HERE, ready().nodes("here")),
                reason("ready, but hinted for there", PLAIN, HERE, ready().nodes("there"),
                        ready().nodes("here")),
                reason("ready; on this node", INTERNAL_LOCAL, HERE, ready().on("here")),
                reason("ready, but not on this node", INTERNAL_LOCAL, HERE, ready().on("there")),
                reason("ready, but nothing is local, since this node's name is not known", INTERNAL_LOCAL,
                        NodeIdentity.NONE, ready().on("here")),
                reason("serving and terminating; nothing on this node is ready", INTERNAL_LOCAL, HERE,
                        draining().on("here"), ready().on("there")),
                reason("serving and terminating, but others on this node are ready", INTERNAL_LOCAL, HERE,
                        draining().on("here"), ready().on("here")),
                reason("ready; policy Local: on this node", EXTERNAL_LOCAL, HERE, ready().on("here")),
                reason("ready, but hinted for zone-b; policy Local: on this node", EXTERNAL_LOCAL, HERE,
                        ready().on("here").zones("zone-b"), ready().on("there").zones("zone-a")),
                reason("serving and terminating, but others are ready; policy Local: nothing on this node is ready",
                        EXTERNAL_LOCAL, HERE, draining().on("here"), ready().on("there")));
    }

    @ParameterizedTest(name = "\"{0}\"")
    @MethodSource("reasons")
    void aReaderIsToldWhy(Reason reason) {
        UsableEndpoints usable = EndpointSelection.select(port(reason.policies(), reason.pods()), reason.node());

        assertThat(usable.uses().getFirst().why()).isEqualTo(reason.why());
    }

    @Test
    void eachScopeGetsTheSetOfItsPolicy() {
        ServicePort port = port(EXTERNAL_LOCAL, List.of(ready().on("there"), ready().on("here")));
        UsableEndpoints usable = EndpointSelection.select(port, HERE);

        assertThat(text(Optional.of(usable.forScope(port, FrontendKind.Scope.INTERNAL)))).isEqualTo("1 2");
        assertThat(text(Optional.of(usable.forScope(port, FrontendKind.Scope.EXTERNAL)))).isEqualTo("2");
    }

    private static ServicePort port(Policies policies, List<Pod> pods) {
        List<Frontend> frontends = policies.frontends().stream()
                .map(kind -> new Frontend(kind, Protocol.TCP, IpPort.of("10.96.0.10:" + (80 + kind.ordinal()))))
                .toList();
        Stream.Builder<Endpoint> endpoints = Stream.builder();
        for (int i = 0; i < pods.size(); i++) {
            Pod pod = pods.get(i);
            Optional<String> node = pod.node().isEmpty() ? Optional.empty() : Optional.of(pod.node());
            endpoints.add(new Endpoint(IpPort.of("10.1.0." + (i + 1) + ":8080"), pod.ready(), pod.serving(),
                    pod.terminating(), node, pod.zones(), pod.nodes()));
        }
        ServicePortName name = new ServicePortName(new ServiceName("default", "web"), "http", Protocol.TCP,
                IpFamily.IPV4);
        return new ServicePort(name, Ports.addresses(frontends), frontends, endpoints.build().toList(),
                policies.internal(), policies.external(), SessionAffinity.NONE, List.of(), 0, ServicePolicy.DEFAULTS);
    }

    /** The last parts of the addresses: {@code 1 3}; {@code never} where the port never uses the set. */
    private static String text(Optional<List<Endpoint>> set) {
        return set.map(endpoints -> String.join(" ",
                endpoints.stream().map(e -> Integer.toString(e.address().ip().getAddress()[3])).toList()))
                .orElse(NEVER);
    }
}
