package dev.fairlead.source;

import static dev.fairlead.source.Draft.service;
import static dev.fairlead.source.Draft.translate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.TrafficPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrontendTranslationTest {
    private static final String NO_NODE = "NodePorts are not served, since this node's addresses are not known: ";
    private static final NodeObject DUAL_NODE = NodeObject.staying("here", Map.of(),
            List.of(new NodeObject.Address("Hostname", "here.example"),
                    new NodeObject.Address("ExternalIP", "198.51.100.1"),
                    new NodeObject.Address("InternalIP", "192.168.0.1"),
                    new NodeObject.Address("InternalIP", "fd00:1::1"),
                    new NodeObject.Address("InternalIP", "192.168.0.2")),
            List.of());

    /** @param frontends {@code kind ip:port} of all service ports */
    record Row(String sentence, Draft.Service service, List<String> frontends, List<String> notes) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    private static Row row(String sentence, Draft.Service service, String... frontends) {
        return new Row(sentence, service, List.of(frontends), List.of());
    }

    private static Draft.Service dual() {
        return service().dual(List.of("10.96.0.10", "fd00::10"), List.of("IPv4", "IPv6"));
    }

    static Stream<Row> frontends() {
        return Stream.of(row("a ClusterIP alone", service(), "ClusterIP 10.96.0.10:80"),
                row("leading zeros are decimal", service().clusterIp("172.30.0.041"), "ClusterIP 172.30.0.41:80"),
                row("externalIPs go with their family", dual().externalIps("203.0.113.1", "2001:db8::1"),
                        "ClusterIP 10.96.0.10:80", "ExternalIP 203.0.113.1:80", "ExternalIP [2001:db8::1]:80",
                        "ClusterIP [fd00::10]:80"),
                row("externalIPs of a family without clusterIP are not proxied",
                        service().externalIps("2001:db8::1"), "ClusterIP 10.96.0.10:80"),
                row("an externalIP given twice is one", service().externalIps("203.0.113.1", "203.0.113.001"),
                        "ClusterIP 10.96.0.10:80", "ExternalIP 203.0.113.1:80"),
                new Row("an externalIP that is none is left out with a note",
                        service().externalIps("proxy.example", "203.0.113.1"),
                        List.of("ClusterIP 10.96.0.10:80", "ExternalIP 203.0.113.1:80"),
                        List.of("default/web: externalIPs: \"proxy.example\" is left out (expected: an IP address)")),
                row("a load balancer's address without a mode", service().vip("198.51.100.9", ""),
                        "ClusterIP 10.96.0.10:80", "LoadBalancer 198.51.100.9:80"),
                row("a load balancer's address of mode VIP, whatever the type",
                        service().vip("198.51.100.9", "VIP"), "ClusterIP 10.96.0.10:80",
                        "LoadBalancer 198.51.100.9:80"),
                row("a load balancer's address of mode Proxy is not captured",
                        service().type("LoadBalancer").vip("198.51.100.9", "Proxy"), "ClusterIP 10.96.0.10:80"),
                row("a load balancer that has only a host name", service().type("LoadBalancer").vip("", ""),
                        "ClusterIP 10.96.0.10:80"),
                row("a node port on every address of the node and on 127.0.0.1, in the Service's families",
                        dual().type("NodePort").nodePort(30080), "ClusterIP 10.96.0.10:80",
                        "NodePort 127.0.0.1:30080", "NodePort 192.168.0.1:30080", "NodePort 192.168.0.2:30080",
                        "NodePort 198.51.100.1:30080", "ClusterIP [fd00::10]:80", "NodePort [fd00:1::1]:30080"),
                row("no node port where none is allocated", service().type("LoadBalancer").nodePort(0),
                        "ClusterIP 10.96.0.10:80"),
                new Row("a node port that is none is left out with a note", service().nodePort(66000),
                        List.of("ClusterIP 10.96.0.10:80"),
                        List.of("default/web: nodePort 66000 is left out (expected: 1-65535)")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("frontends")
    void frontendsAreThoseOfKubeProxy(Row row) {
        ServiceSnapshot snapshot = translate(
                new ObjectSet(List.of(row.service().object()), List.of(), List.of(DUAL_NODE)), Draft.SETTINGS);

        assertThat(words(snapshot)).isEqualTo(row.frontends());
        assertThat(snapshot.notes()).isEqualTo(row.notes());
    }

    record NodePorts(String sentence, TranslationSettings settings, List<String> addresses, List<String> notes) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<NodePorts> nodePorts() {
        return Stream.of(
                new NodePorts("nothing said: every address, and 127.0.0.1 as kube-proxy's rules have it",
                        Draft.nodePortAddresses(),
                        List.of("127.0.0.1", "192.168.0.1", "192.168.0.2", "198.51.100.1", "fd00:1::1"), List.of()),
                new NodePorts("a block narrows its own family only", Draft.nodePortAddresses("192.168.0.0/31"),
                        List.of("192.168.0.1", "fd00:1::1"), List.of()),
                new NodePorts("blocks add up", Draft.nodePortAddresses("192.168.0.2/32", "198.51.100.0/24"),
                        List.of("192.168.0.2", "198.51.100.1", "fd00:1::1"), List.of()),
                new NodePorts("a /0 is every address", Draft.nodePortAddresses("192.168.0.2/32", "0.0.0.0/0"),
                        List.of("127.0.0.1", "192.168.0.1", "192.168.0.2", "198.51.100.1", "fd00:1::1"), List.of()),
                new NodePorts("primary is the first InternalIP of each family",
                        Draft.nodePortAddresses("primary"), List.of("192.168.0.1", "fd00:1::1"), List.of()),
                new NodePorts("a value that cannot be read opens nothing", Draft.nodePortAddresses("eth0"),
                        List.of(),
                        List.of("NodePorts are not served, since no address of this node lies in nodePortAddresses: "
                                + "default/web:http",
                                "nodePortAddresses: \"eth0\" matches nothing "
                                        + "(expected: a CIDR such as 10.0.0.0/8, primary, localhost or all)")),
                new NodePorts("localhost is both loopback addresses and nothing else",
                        Draft.nodePortAddresses("localhost"), List.of("127.0.0.1", "::1"), List.of()),
                new NodePorts("localhost adds up with blocks",
                        Draft.nodePortAddresses("localhost", "192.168.0.2/32"),
                        List.of("127.0.0.1", "192.168.0.2", "::1"), List.of()),
                new NodePorts("all is every address and both loopback addresses", Draft.nodePortAddresses("all"),
                        List.of("127.0.0.1", "192.168.0.1", "192.168.0.2", "198.51.100.1", "::1", "fd00:1::1"),
                        List.of()),
                new NodePorts("a block that holds 127.0.0.1 opens it",
                        Draft.nodePortAddresses("127.0.0.0/8", "fd00:1::/64"), List.of("127.0.0.1", "fd00:1::1"),
                        List.of()),
                new NodePorts("every IPv6 address is not ::1, as kube-proxy has it",
                        Draft.nodePortAddresses("127.0.0.0/8", "::/0"), List.of("127.0.0.1", "fd00:1::1"),
                        List.of()),
                new NodePorts("blocks that hold no address of the node",
                        Draft.nodePortAddresses("10.0.0.0/8", "fd99::/16"), List.of(),
                        List.of("NodePorts are not served, since no address of this node lies in nodePortAddresses: "
                                + "default/web:http")),
                new NodePorts("configured addresses override the Node's status",
                        Draft.nodeAddresses("127.0.0.1", "127.0.0.1"), List.of("127.0.0.1"), List.of()),
                new NodePorts("no localhost where kube-proxy is told so",
                        Draft.SETTINGS.withNodePorts(new TranslationSettings.NodePorts(List.of(), false)),
                        List.of("192.168.0.1", "192.168.0.2", "198.51.100.1", "fd00:1::1"), List.of()),
                new NodePorts("no node, no node ports, one note", Draft.withoutNode(), List.of(),
                        List.of(NO_NODE + "default/web:http")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nodePorts")
    void nodePortsAreServedOnTheNodesAddresses(NodePorts row) {
        ServiceSnapshot snapshot = translate(
                new ObjectSet(List.of(dual().nodePort(30080).object()), List.of(), List.of(DUAL_NODE)),
                row.settings());

        assertThat(words(snapshot).stream().filter(w -> w.startsWith("NodePort")).toList()).isEqualTo(row.addresses()
                .stream().map(a -> "NodePort " + (a.contains(":") ? "[" + a + "]" : a) + ":30080").toList());
        assertThat(snapshot.notes()).isEqualTo(row.notes());
    }

    @Test
    void externalIPsAreNotServedWhereTheirFeatureGateIsOff() {
        ServiceSnapshot snapshot = translate(new ObjectSet(
                List.of(service().externalIps("203.0.113.1").policies("Cluster", "Local").object()), List.of(),
                List.of(Draft.NODE)), Draft.withoutExternalIps());

        assertThat(words(snapshot)).containsExactly("ClusterIP 10.96.0.10:80");
        assertThat(snapshot.ports().getFirst().addresses().externallyAccessible()).isFalse();
        assertThat(snapshot.ports().getFirst().externalPolicy()).isEqualTo(TrafficPolicy.CLUSTER);
        assertThat(snapshot.notes()).containsExactly(
                "externalIPs are not served, as feature gate AllowServiceExternalIPs says: default/web");
    }

    @Test
    void theHealthPortCountsOnlyWithALoadBalancerAndPolicyLocal() {
        assertThat(healthPort(service().type("LoadBalancer").policies("Cluster", "Local"))).isEqualTo(32000);
        assertThat(healthPort(service().type("LoadBalancer").policies("Cluster", "Cluster"))).isZero();
        assertThat(healthPort(service().type("NodePort").policies("Cluster", "Local"))).isZero();
    }

    private static int healthPort(Draft.Service service) {
        return translate(service.object()).ports().getFirst().healthCheckNodePort();
    }

    @Test
    void theNodeIsWhoTheSettingsName() {
        NodeObject other = NodeObject.staying("there", Map.of("topology.kubernetes.io/zone", "zone-b"), List.of(),
                List.of());
        NodeIdentity node = translate(new ObjectSet(List.of(), List.of(), List.of(other, Draft.NODE)), Draft.SETTINGS)
                .node();

        assertThat(node.name()).hasValue("here");
        assertThat(node.zone()).hasValue("zone-a");
        assertThat(node.addresses()).extracting(a -> a.getHostAddress()).containsExactly("192.168.0.1");
    }

    @Test
    void internalAddressesComeBeforeExternalOnesAndNamesDoNotCount() {
        NodeIdentity node = translate(new ObjectSet(List.of(), List.of(), List.of(DUAL_NODE)), Draft.SETTINGS).node();

        assertThat(node.addresses()).extracting(a -> a.getHostAddress()).containsExactly("192.168.0.1",
                "fd00:1:0:0:0:0:0:1", "192.168.0.2", "198.51.100.1");
    }

    @Test
    void aNodeThatIsNotThereHasANameOnly() {
        ServiceSnapshot snapshot = translate(ObjectSet.EMPTY, Draft.SETTINGS);

        assertThat(snapshot.node()).isEqualTo(new NodeIdentity(Optional.of("here"), Optional.empty(), List.of()));
        assertThat(snapshot.notes()).isEmpty();
    }

    @Test
    void aNodeAddressThatIsNoneIsNoted() {
        NodeObject node = NodeObject.staying("here", Map.of(), List.of(new NodeObject.Address("InternalIP", "eth0")),
                List.of());

        assertThat(translate(new ObjectSet(List.of(), List.of(), List.of(node)), Draft.SETTINGS).notes())
                .containsExactly("node here: InternalIP \"eth0\" is left out (expected: an IP address)");
    }

    record Ranges(String sentence, List<String> values, List<String> ipv4, List<String> ipv6, int notes) {
        @Override
        public String toString() {
            return sentence;
        }
    }

    static Stream<Ranges> ranges() {
        return Stream.of(new Ranges("nothing said lets everybody in", List.of(), List.of(), List.of(), 0),
                new Ranges("ranges go with their family, white space aside, sorted, each once",
                        List.of(" 10.1.0.0/16 ", "10.0.0.0/16", "fd00::/8", "10.1.0.0/16"),
                        List.of("10.0.0.0/16", "10.1.0.0/16"), List.of("fd00::/8"), 0),
                new Ranges("a /0 lets everybody of its family in", List.of("10.0.0.0/8", "0.0.0.0/0", "fd00::/8"),
                        List.of(), List.of("fd00::/8"), 0),
                new Ranges("what cannot be read is left out", List.of("10.0.0.0/33", "10.0.0.0/8"),
                        List.of("10.0.0.0/8"), List.of(), 1),
                new Ranges("nothing readable lets everybody in, which is noted", List.of("ten"), List.of(), List.of(),
                        2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ranges")
    void sourceRangesAreReadPerFamily(Ranges row) {
        ServiceSnapshot snapshot = translate(
                dual().type("LoadBalancer").sourceRanges(row.values().toArray(String[]::new)).object());

        assertThat(snapshot.ports()).extracting(p -> p.sourceRanges().stream().map(Cidr::toString).toList())
                .containsExactly(row.ipv4(), row.ipv6());
        assertThat(snapshot.notes()).hasSize(row.notes());
    }

    @Test
    void anAddressOfTwoServicesServesTheFirstByName() {
        ServiceSnapshot snapshot = translate(service("b", "10.96.0.10").object(), service("a", "10.96.0.10").object());

        assertThat(snapshot.ports()).extracting(p -> p.frontends().size()).containsExactly(1, 0);
        assertThat(snapshot.notes()).containsExactly("TCP 10.96.0.10:80 is given twice: it serves default/a:http "
                + "(ClusterIP), not default/b:http (ClusterIP)");
    }

    @Test
    void nobodyTakesAnothersClusterIpByNamingItInExternalIPs() {
        ServiceSnapshot snapshot = translate(service("dns", "10.96.0.10").object(),
                service("a-thief", "10.96.0.66").externalIps("10.96.0.10").object());

        assertThat(words(snapshot)).containsExactly("ClusterIP 10.96.0.66:80", "ClusterIP 10.96.0.10:80");
        assertThat(snapshot.notes()).containsExactly("TCP 10.96.0.10:80 is given twice: it serves default/dns:http "
                + "(ClusterIP), not default/a-thief:http (ExternalIP)");
    }

    @Test
    void anAddressThatIsBothVipAndExternalIpKeepsTheSourceRangesOfTheVip() {
        ServiceSnapshot snapshot = translate(
                service().externalIps("203.0.113.1").vip("203.0.113.1", "VIP").object());

        assertThat(words(snapshot)).containsExactly("ClusterIP 10.96.0.10:80", "LoadBalancer 203.0.113.1:80");
    }

    @Test
    void tcpAndUdpShareAnAddress() {
        ServiceSnapshot snapshot = translate(service().ports(new ServiceObject.Port("dns", "TCP", 53, 0),
                new ServiceObject.Port("dns", "UDP", 53, 0)).object());

        assertThat(snapshot.ports()).extracting(p -> p.frontends().size()).containsExactly(1, 1);
        assertThat(snapshot.notes()).isEmpty();
    }

    private static List<String> words(ServiceSnapshot snapshot) {
        return snapshot.ports().stream().map(ServicePort::frontends).flatMap(List::stream)
                .map(f -> f.kind() + " " + f.address()).toList();
    }
}
