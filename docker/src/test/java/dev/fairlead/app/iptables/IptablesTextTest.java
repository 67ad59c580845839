package dev.fairlead.app.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Golden;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.TranslationSettings.NodePorts;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class IptablesTextTest {
    private static NodePortHook hook(List<String> words, boolean localhost, IpFamily family) throws IOException {
        return NodePortHook.of(new NodePorts(words, localhost), RichCluster.snapshot().node(), family);
    }

    private static List<String> hookRules(NodePortHook hook, IpFamily family) throws IOException {
        return IptablesText.of(RichCluster.snapshot(), family, hook).lines()
                .filter(line -> line.startsWith("-A KUBE-SERVICES") && line.endsWith("-j KUBE-NODEPORTS"))
                .map(line -> line.replaceFirst(".*chain\" ", "")).toList();
    }

    @Test
    void theRulesOfBothFamiliesAreThose() throws IOException {
        ServiceSnapshot snapshot = RichCluster.snapshot();

        Golden.assertMatches("iptables/cluster.ipv4.txt", IptablesText.of(snapshot, IpFamily.IPV4));
        Golden.assertMatches("iptables/cluster.ipv6.txt", IptablesText.of(snapshot, IpFamily.IPV6));
    }

    @Test
    void everyChainThatIsJumpedToIsDeclared() throws IOException {
        String text = RichCluster.rules();
        List<String> jumps = text.lines().map(line -> line.replaceFirst(".* -j (\\S+).*", "$1"))
                .filter(word -> word.startsWith("KUBE-")).distinct().toList();

        assertThat(jumps).hasSizeGreaterThan(30).allSatisfy(chain -> assertThat(text).contains(":" + chain + " - "));
    }

    @Test
    void chancesAreWrittenWithTenDigitsAndTheLastEndpointTakesTheRest() throws IOException {
        assertThat(RichCluster.rules().lines().filter(line -> line.startsWith("-A KUBE-SVC-4LVCYZMTA5CQO6SX")
                && line.contains(" -> ")).map(line -> line.replaceFirst(".*8080\" ", ""))).containsExactly(
                        "-m statistic --mode random --probability 0.3333333333 -j KUBE-SEP-Q3JK5SKXRBSAWYXE",
                        "-m statistic --mode random --probability 0.5000000000 -j KUBE-SEP-SBQ7YWW74ACHCUHJ",
                        "-j KUBE-SEP-Z6OJ54VKONQ5FNID");
    }

    @Test
    void nodePortsAreHookedToAllAddressesOrToEachOfThose() throws IOException {
        assertThat(hookRules(hook(List.of(), true, IpFamily.IPV4), IpFamily.IPV4))
                .containsExactly("-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
        assertThat(hookRules(hook(List.of(), false, IpFamily.IPV4), IpFamily.IPV4))
                .containsExactly("-m addrtype --dst-type LOCAL ! -d 127.0.0.0/8 -j KUBE-NODEPORTS");
        assertThat(hookRules(hook(List.of("fd00::/8"), true, IpFamily.IPV4), IpFamily.IPV4))
                .containsExactly("-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
        assertThat(hookRules(hook(List.of("0.0.0.0/0"), true, IpFamily.IPV4), IpFamily.IPV4))
                .containsExactly("-m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
        assertThat(hookRules(hook(List.of("primary"), true, IpFamily.IPV4), IpFamily.IPV4))
                .containsExactly("-d 192.168.0.2 -j KUBE-NODEPORTS");
        assertThat(hookRules(hook(List.of("192.168.0.0/16", "127.0.0.0/8"), true, IpFamily.IPV4), IpFamily.IPV4))
                .containsExactly("-d 192.168.0.2 -j KUBE-NODEPORTS", "-d 127.0.0.1 -j KUBE-NODEPORTS");
        assertThat(hookRules(hook(List.of("127.0.0.0/8"), false, IpFamily.IPV4), IpFamily.IPV4)).isEmpty();
        assertThat(hookRules(hook(List.of(), true, IpFamily.IPV6), IpFamily.IPV6))
                .containsExactly("-m addrtype --dst-type LOCAL ! -d ::1/128 -j KUBE-NODEPORTS");
        assertThat(hookRules(hook(List.of("primary"), true, IpFamily.IPV6), IpFamily.IPV6))
                .containsExactly("-d fd00:192::2 -j KUBE-NODEPORTS");
    }

    @Test
    void aboveAThousandEndpointsTheRulesAboutSingleOnesHaveNoComments() {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: v1
                kind: List
                items:
                  - {apiVersion: v1, kind: Service, metadata: {name: big, namespace: ns}, spec: {clusterIP: 10.96.0.1,
                      ports: [{port: 80}]}}
                  - apiVersion: discovery.k8s.io/v1
                    kind: EndpointSlice
                    metadata: {name: big-a, namespace: ns, labels: {kubernetes.io/service-name: big}}
                    addressType: IPv4
                    ports: [{name: "", port: 80}]
                    endpoints:
                """);
        for (int i = 0; i <= 1000; i++) {
            yaml.append("      - {addresses: [10.1.").append(i / 250).append('.').append(i % 250 + 1).append("]}\n");
        }
        ServiceSnapshot snapshot = RichCluster.snapshot(yaml.toString(), RichCluster.SETTINGS);
        String text = IptablesText.of(snapshot, IpFamily.IPV4);

        assertThat(text).contains("\"ns/big cluster IP\"").doesNotContain("ns/big ->")
                .contains("--probability 0.0009990010 -j KUBE-SEP-");
        assertThat(Against.compare(snapshot, SavedRules.read(text)).differences()).isEmpty();
    }
}
