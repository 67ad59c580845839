package dev.fairlead.balance;

import static dev.fairlead.source.Draft.pod;
import static dev.fairlead.source.Draft.service;
import static dev.fairlead.source.Draft.slice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.Draft;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.SliceObject;
import dev.fairlead.source.TranslationSettings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One cluster: this node is 192.168.0.1, pods are 10.1.0.0/16, services 10.96.0.0/16; every row is one flow in it. */
class FlowVerdictsTest {
    private static final TranslationSettings SETTINGS = Draft.SETTINGS.withNetwork(
            new PodDetection.ByCidr(List.of(Cidr.parse("10.1.0.0/16").orElseThrow())),
            List.of(Cidr.parse("10.96.0.0/16").orElseThrow()), false);
    private static final String POD = "10.1.2.3";
    private static final String NODE = "192.168.0.1";
    private static final String OUTSIDE = "198.51.100.7";
    private static final String CLUSTER_IP = "10.96.0.10:80";
    private static final String NODE_PORT = "192.168.0.1:30080";
    private static final String VIP = "203.0.113.1:80";
    private static final SliceObject.Member HERE = pod("10.1.0.1", "here");
    private static final SliceObject.Member THERE = pod("10.1.9.1", "there");

    record Row(String sentence, Draft.Service service, List<SliceObject.Member> pods, TranslationSettings settings,
            String source, String destination, String expected) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Row row(String sentence, Draft.Service service, String source, String destination, String expected,
            SliceObject.Member... pods) {
        return new Row(sentence, service, List.of(pods), SETTINGS, source, destination, expected);
    }

    private static Draft.Service loadBalancer(String external) {
        return service().type("LoadBalancer").nodePort(30080).vip("203.0.113.1", "VIP").policies("Cluster", external);
    }

    private static Draft.Service ranged(String... ranges) {
        return loadBalancer("Cluster").externalIps("203.0.113.2").sourceRanges(ranges);
    }

    static Stream<Row> policies() {
        return Stream.of(
                row("a pod that dials a ClusterIP goes anywhere, and keeps its address", service(), POD, CLUSTER_IP,
                        "pod FORWARD ClusterIP cluster 10.1.0.1:8080 10.1.9.1:8080 kept", HERE, THERE),
                row("who is no pod and dials a ClusterIP is hidden", service(), OUTSIDE, CLUSTER_IP,
                        "external FORWARD ClusterIP cluster 10.1.9.1:8080", THERE),
                row("this node is hidden too when it dials a ClusterIP", service(), NODE, CLUSTER_IP,
                        "node FORWARD ClusterIP cluster 10.1.9.1:8080", THERE),
                row("no endpoint is refused, whoever comes", service(), POD, CLUSTER_IP, "pod REJECT ClusterIP"),
                row("an endpoint that is not ready is as good as none", service(), POD, CLUSTER_IP,
                        "pod REJECT ClusterIP", Draft.unready("10.1.0.1")),
                row("nothing ready: what serves while terminating is used", service(), POD, CLUSTER_IP,
                        "pod FORWARD ClusterIP cluster 10.1.0.1:8080 kept", Draft.draining("10.1.0.1", "here")),
                row("internal policy Local goes to this node's endpoints", service().policies("Local", ""), POD,
                        CLUSTER_IP, "pod FORWARD ClusterIP local 10.1.0.1:8080 kept", HERE, THERE),
                row("internal policy Local without an endpoint here is dropped", service().policies("Local", ""), POD,
                        CLUSTER_IP, "pod DROP ClusterIP", THERE),
                row("internal policy Local falls back to what drains here while others are ready elsewhere",
                        service().policies("Local", ""), POD, CLUSTER_IP,
                        "pod FORWARD ClusterIP local 10.1.0.1:8080 kept", Draft.draining("10.1.0.1", "here"), THERE),
                row("internal policy Local does not bind who comes from outside", loadBalancer("Cluster")
                        .policies("Local", "Cluster"), OUTSIDE, NODE_PORT,
                        "external FORWARD NodePort cluster 10.1.9.1:8080", THERE),
                row("external policy Cluster hides everybody, pods too", loadBalancer("Cluster"), POD, VIP,
                        "pod FORWARD LoadBalancer cluster 10.1.0.1:8080 10.1.9.1:8080", HERE, THERE),
                row("external policy Local keeps the client's address and goes to endpoints here",
                        loadBalancer("Local"), OUTSIDE, NODE_PORT,
                        "external FORWARD NodePort local 10.1.0.1:8080 kept", HERE, THERE),
                row("external policy Local without an endpoint here is dropped", loadBalancer("Local"), OUTSIDE, VIP,
                        "external DROP LoadBalancer", THERE),
                row("a pod takes the short circuit under external policy Local, and keeps its address",
                        loadBalancer("Local"), POD, VIP, "pod FORWARD LoadBalancer cluster 10.1.9.1:8080 kept", THERE),
                row("this node takes the short circuit and is hidden", loadBalancer("Local"), NODE, NODE_PORT,
                        "node FORWARD NodePort cluster 10.1.9.1:8080", THERE),
                row("external policy Local never binds a ClusterIP", loadBalancer("Local"), OUTSIDE, CLUSTER_IP,
                        "external FORWARD ClusterIP cluster 10.1.9.1:8080", THERE),
                row("a service without endpoints is refused also where policy Local would drop", loadBalancer("Local"),
                        OUTSIDE, VIP, "external REJECT LoadBalancer"),
                row("a pod that is its own only endpoint is hidden, so that the answer comes back", service(),
                        "10.1.0.1", CLUSTER_IP, "pod FORWARD ClusterIP cluster 10.1.0.1:8080", HERE));
    }

    static Stream<Row> frontends() {
        return Stream.of(
                row("a node port answers at localhost too", loadBalancer("Cluster"), "127.0.0.1", "127.0.0.1:30080",
                        "node FORWARD NodePort cluster 10.1.9.1:8080", THERE),
                row("another port of a ClusterIP is refused, since nothing listens there", service(), POD,
                        "10.96.0.10:81", "pod REJECT", THERE),
                row("another port of a load balancer's address is refused", loadBalancer("Cluster"), OUTSIDE,
                        "203.0.113.1:443", "external REJECT", THERE),
                row("an address of serviceCIDRs that no service has is refused", service(), POD, "10.96.0.99:80",
                        "pod REJECT", THERE),
                row("another port of the node is the node's own business", loadBalancer("Cluster"), OUTSIDE,
                        "192.168.0.1:22", "external NOT_CAPTURED", THERE),
                row("an address that is nobody's is not captured", service(), POD, "192.0.2.99:80",
                        "pod NOT_CAPTURED", THERE),
                row("ipMode Proxy leaves the address to the load balancer", service().type("LoadBalancer")
                        .vip("203.0.113.1", "Proxy"), POD, VIP, "pod NOT_CAPTURED", THERE),
                row("an external IP that is the node's own leaves the node its other ports",
                        service().externalIps("192.168.0.1"), OUTSIDE, "192.168.0.1:22", "external NOT_CAPTURED",
                        THERE));
    }

    static Stream<Row> sourceRanges() {
        return Stream.of(
                row("a source in range may come", ranged("198.51.100.0/24"), OUTSIDE, VIP,
                        "external FORWARD LoadBalancer cluster 10.1.9.1:8080", THERE),
                row("a source out of range is dropped", ranged("198.51.99.0/24"), OUTSIDE, VIP,
                        "external DROP LoadBalancer", THERE),
                row("source ranges bind pods that dial the load balancer's address", ranged("198.51.100.0/24"), POD,
                        VIP, "pod DROP LoadBalancer", THERE),
                row("source ranges bind no node port", ranged("198.51.99.0/24"), OUTSIDE, NODE_PORT,
                        "external FORWARD NodePort cluster 10.1.9.1:8080", THERE),
                row("source ranges bind no external IP", ranged("198.51.99.0/24"), OUTSIDE, "203.0.113.2:80",
                        "external FORWARD ExternalIP cluster 10.1.9.1:8080", THERE),
                row("a node in range may come from the load balancer's own address", ranged("192.168.0.0/24"),
                        "203.0.113.1", VIP, "external FORWARD LoadBalancer cluster 10.1.9.1:8080", THERE),
                row("a node out of range may not", ranged("198.51.100.0/24"), "203.0.113.1", VIP,
                        "external DROP LoadBalancer", THERE),
                row("a /0 among the ranges lets everybody in", ranged("198.51.99.0/24", "0.0.0.0/0"), OUTSIDE, VIP,
                        "external FORWARD LoadBalancer cluster 10.1.9.1:8080", THERE),
                row("no endpoint is refused, in range or not", ranged("198.51.99.0/24"), OUTSIDE, VIP,
                        "external REJECT LoadBalancer"));
    }

    static Stream<Row> settings() {
        TranslationSettings all = SETTINGS.withNetwork(SETTINGS.pods(), SETTINGS.serviceCidrs(), true);
        TranslationSettings nobody = SETTINGS.withNetwork(PodDetection.NONE, SETTINGS.serviceCidrs(), false);
        TranslationSettings byNode = SETTINGS.withNetwork(new PodDetection.ByNode(), List.of(), false);
        return Stream.of(
                new Row("masqueradeAll hides pods at a ClusterIP", service(), List.of(THERE), all, POD, CLUSTER_IP,
                        "pod FORWARD ClusterIP cluster 10.1.9.1:8080"),
                new Row("masqueradeAll does not bind external policy Local", loadBalancer("Local"), List.of(HERE), all,
                        OUTSIDE, VIP, "external FORWARD LoadBalancer local 10.1.0.1:8080 kept"),
                new Row("without clusterCIDR nobody is a pod, and nobody is hidden at a ClusterIP", service(),
                        List.of(THERE), nobody, POD, CLUSTER_IP,
                        "external FORWARD ClusterIP cluster 10.1.9.1:8080 kept"),
                new Row("without clusterCIDR a pod takes no short circuit", loadBalancer("Local"), List.of(THERE),
                        nobody, POD, VIP, "external DROP LoadBalancer"),
                new Row("NodeCIDR takes the pods' addresses from the Node", service(), List.of(THERE), byNode,
                        "10.244.1.9", CLUSTER_IP, "pod FORWARD ClusterIP cluster 10.1.9.1:8080 kept"),
                new Row("without serviceCIDRs an unused address is not captured", service(), List.of(THERE), byNode,
                        OUTSIDE, "10.96.0.99:80", "external NOT_CAPTURED"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"policies", "frontends", "sourceRanges", "settings"})
    void theVerdictIsThis(Row row) {
        FlowVerdict verdict = FlowVerdicts.of(snapshot(row), flow(row.source(), row.destination()));

        assertThat(words(verdict)).as("%s", verdict.why()).isEqualTo(row.expected());
        assertThat(verdict.why()).hasSizeGreaterThan(1).doesNotContain("");
    }

    private static ServiceSnapshot snapshot(Row row) {
        return Draft.translate(new ObjectSet(List.of(row.service().object()),
                List.of(slice("web-1", row.pods().toArray(SliceObject.Member[]::new))),
                List.of(Draft.nodeWithPods("10.244.1.0/24"))), row.settings());
    }

    private static Flow flow(String source, String destination) {
        return new Flow(Protocol.TCP, IpText.parse(source).orElseThrow(), IpPort.of(destination));
    }

    /** {@code source-kind VERDICT frontend set endpoints kept}, as far as there are such. */
    private static String words(FlowVerdict verdict) {
        StringBuilder words = new StringBuilder(verdict.source().toString()).append(' ')
                .append(verdict.verdict().word());
        verdict.hit().ifPresent(hit -> words.append(' ').append(hit.kind()));
        if (verdict.verdict() instanceof Verdict.Forward(EndpointSet set, var endpoints, _)) {
            words.append(' ').append(set);
            endpoints.forEach(endpoint -> words.append(' ').append(endpoint.address()));
        }
        return words.append(verdict.sourceKept() ? " kept" : "").toString();
    }

    @Test
    void bothFamiliesAreJudgedApart() {
        ServiceSnapshot snapshot = Draft.translate(new ObjectSet(
                List.of(service().dual(List.of("10.96.0.10", "fd00::10"), List.of("IPv4", "IPv6")).object()),
                List.of(slice("web-1", HERE)), List.of(Draft.NODE)), SETTINGS);

        assertThat(words(FlowVerdicts.of(snapshot, flow(POD, CLUSTER_IP)))).startsWith("pod FORWARD");
        assertThat(words(FlowVerdicts.of(snapshot, flow("fd00::99", "[fd00::10]:80"))))
                .isEqualTo("external REJECT ClusterIP");
    }

    @Test
    void udpIsJudgedLikeTcpAndApartFromIt() {
        ServiceSnapshot snapshot = Draft.translate(service().object());
        Flow udp = new Flow(Protocol.UDP, IpText.parse(POD).orElseThrow(), IpPort.of(CLUSTER_IP));

        assertThat(words(FlowVerdicts.of(snapshot, udp))).isEqualTo("external REJECT");
        assertThat(FlowVerdicts.of(snapshot, udp).hit()).isEqualTo(Optional.empty());
    }
}
