package dev.fairlead.app.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.iptables.Against.Comparison;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings.NodePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AgainstTest {
    private static List<String> differences(ServiceSnapshot snapshot, String rules) {
        return Against.compare(snapshot, SavedRules.read(rules)).differences().stream().map(Difference::toString)
                .toList();
    }

    private static String yaml() throws IOException {
        return Files.readString(RichCluster.FILE);
    }

    @ParameterizedTest
    @EnumSource
    void kubeProxysRulesForTheSameClusterAreSound(IpFamily family) throws IOException {
        Comparison comparison = Against.compare(RichCluster.snapshot(),
                SavedRules.read(IptablesText.of(RichCluster.snapshot(), family)));

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.families()).isEqualTo(Set.of(family));
    }

    static Stream<Harm> harms() {
        return Harm.all();
    }

    @ParameterizedTest
    @MethodSource("harms")
    void damageIsNamedAndNothingElse(Harm harm) throws IOException {
        assertThat(differences(RichCluster.snapshot(), harm.deed().apply(RichCluster.rules())))
                .containsExactlyElementsOf(harm.sentences());
    }

    /** What kube-proxy's rules do beside serving frontends is left out, and nothing else. */
    @Test
    void everyRuleWhoseLossClientsCouldNoticeIsMissed() throws IOException {
        ServiceSnapshot snapshot = RichCluster.snapshot();
        String rules = RichCluster.rules();
        List<String> unnoticed = rules.lines().filter(line -> line.startsWith("-A "))
                .filter(line -> differences(snapshot, rules.replace("\n" + line + "\n", "\n")).isEmpty()).toList();

        assertThat(unnoticed).isNotEmpty().allSatisfy(line -> assertThat(line).containsPattern(
                "KUBE-FORWARD|KUBE-FIREWALL|health check|will be dropped by|-A KUBE-POSTROUTING -j MARK"));
    }

    @Test
    void bothFamiliesInOneTextAreComparedEachWithItsOwn() throws IOException {
        ServiceSnapshot snapshot = RichCluster.snapshot();
        String six = IptablesText.of(snapshot, IpFamily.IPV6);
        String both = IptablesText.of(snapshot, IpFamily.IPV4) + six.replace("/64", "/65");

        assertThat(differences(snapshot, both)).containsExactly(
                "ns4/both:web TCP (LoadBalancer [2001:db8::9]:80): KUBE-FW-L3URQWVCGPIB65QI admits fd00:9::/65 only;"
                        + " Fairlead would admit fd00:9::/64 only");
    }

    @Test
    void aFamilyWithoutRulesIsSaidNotToBeCompared() throws IOException {
        assertThat(Against.compare(RichCluster.snapshot(), SavedRules.read(RichCluster.rules())).notes())
                .containsExactly("no IPv6 rules are given, so 1 IPv6 service ports are not compared (see"
                        + " ip6tables-save)");
    }

    @Test
    void withoutANodeTheComparisonSaysThatNothingCountsAsLocal() throws IOException {
        ServiceSnapshot nowhere = RichCluster.snapshot(yaml(),
                RichCluster.SETTINGS.withNodeName(Optional.empty()));
        Comparison comparison = Against.compare(nowhere, SavedRules.read(RichCluster.rules()));

        assertThat(comparison.notes()).contains("no node is named, so no endpoint counts as local (see --node)");
        assertThat(comparison.differences().stream().map(Difference::toString)).contains(
                "NodePorts: KUBE-SERVICES leads to KUBE-NODEPORTS; Fairlead would serve none, since it knows no"
                        + " address of this node for them (see --node and nodeAddresses)");
    }

    @Test
    void rulesOfAnotherModeAreNotTakenForDifferencesOfEveryService() throws IOException {
        assertThat(
                differences(RichCluster.snapshot(), "*nat\n:DOCKER - [0:0]\n-A DOCKER -i docker0 -j RETURN\nCOMMIT\n"))
                .containsExactly("rules: there is no chain KUBE-SERVICES in table nat; Fairlead compares with"
                        + " kube-proxy's iptables mode only");
    }

    @Test
    void rulesAndChainsOfOthersDoNotCount() throws IOException {
        String others = RichCluster.rules().replace("*nat\n", """
                *nat
                :DOCKER - [0:0]
                :CNI-HOSTPORT-DNAT - [0:0]
                :KUBE-ROUTER-OUTPUT - [0:0]
                -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
                -A DOCKER ! -i docker0 -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.17.0.2
                """).replace("*filter\n", """
                *mangle
                -A FORWARD -m foo -j KUBE-BAR
                COMMIT
                *filter
                """);

        assertThat(differences(RichCluster.snapshot(), others)).isEmpty();
    }

    @Test
    void theOrderOfRulesAboutDifferentServicesDoesNotCount() throws IOException {
        List<String> services = RichCluster.rules().lines().filter(line -> line.startsWith("-A KUBE-SERVICES -m comment"
                + " --comment \"ns") && line.contains(" -j KUBE-")).toList();
        String last = services.getLast() + "\n";
        String moved = RichCluster.rules().replace(last, "").replace(services.getFirst() + "\n",
                last + services.getFirst() + "\n");

        assertThat(moved).isNotEqualTo(RichCluster.rules());
        assertThat(differences(RichCluster.snapshot(), moved)).isEmpty();
    }

    @Test
    void commentsDoNotCount() throws IOException {
        String bare = RichCluster.rules().replaceAll(" -m comment --comment (\"[^\"]*\"|\\S+)", "");

        assertThat(differences(RichCluster.snapshot(), bare)).isEmpty();
    }

    @Test
    void anAddressThatOneFamilyOfPodsWasMovedToChangesShortCircuitsAndMasquerading() throws IOException {
        String moved = RichCluster.rules().replace("10.244.0.0/16", "10.244.0.0/17");

        assertThat(differences(RichCluster.snapshot(), moved)).isNotEmpty().allSatisfy(
                sentence -> assertThat(sentence).contains("pods (such as 10.244.255.254)"));
    }

    @Test
    void nodePortsOnOneAddressAreComparedByAddress() throws IOException {
        ServiceSnapshot primary = RichCluster.snapshot(yaml(), RichCluster.SETTINGS
                .withNodePorts(new NodePorts(List.of("primary"), true)));
        NodePortHook hook = NodePortHook.of(new NodePorts(List.of("primary"), true), primary.node(), IpFamily.IPV4);

        assertThat(differences(primary, IptablesText.of(primary, IpFamily.IPV4, hook))).isEmpty();
        assertThat(differences(RichCluster.snapshot(), IptablesText.of(primary, IpFamily.IPV4, hook)))
                .containsExactly("NodePorts: KUBE-SERVICES does not lead 127.0.0.1 to KUBE-NODEPORTS; Fairlead would"
                        + " serve them there");
    }

    @Test
    void podsThatAreToldByTheirInterfaceAreUnderstood() throws IOException {
        String byInterface = RichCluster.rules().replace(" ! -s 10.244.0.0/16", " ! -i cbr0")
                .replace(" -s 10.244.0.0/16", " -i cbr0");
        ServiceSnapshot unknowing = RichCluster.snapshot(yaml(),
                RichCluster.SETTINGS.withNetwork(PodDetection.NONE, List.of(), false));

        assertThat(differences(unknowing, byInterface)).contains(
                "ns2/near:http TCP (LoadBalancer 203.0.113.10:80, NodePort 30081): KUBE-EXT-X7AJ7TOFWUXW2NCA sends pods"
                        + " to KUBE-SVC-X7AJ7TOFWUXW2NCA, endpoints anywhere; Fairlead would use endpoints on this"
                        + " node: externalTrafficPolicy Local");
    }

    @Test
    void masqueradeAllIsPartOfTheComparison() throws IOException {
        ServiceSnapshot all = RichCluster.snapshot(yaml(), RichCluster.SETTINGS.withNetwork(
                new PodDetection.ByCidr(RichCluster.blocks("10.244.0.0/16")), List.of(), true));

        assertThat(differences(all, IptablesText.of(all, IpFamily.IPV4))).isEmpty();
        assertThat(differences(RichCluster.snapshot(), IptablesText.of(all, IpFamily.IPV4))).contains(
                "ns1/web:http TCP (ClusterIP 10.96.0.10:80): KUBE-SVC-4LVCYZMTA5CQO6SX masquerades pods (such as"
                        + " 10.244.255.254); the configuration has their source kept");
    }

    @Test
    void aRuleThatAsksForSomethingUnknownIsTold() throws IOException {
        String odd = RichCluster.rules().replace(":KUBE-SVC-4LVCYZMTA5CQO6SX - [0:0]\n",
                ":KUBE-SVC-4LVCYZMTA5CQO6SX - [0:0]\n-A KUBE-SVC-4LVCYZMTA5CQO6SX -m ttl --ttl-lt 3 -j DROP\n");
        int line = odd.lines().takeWhile(text -> !text.contains("--ttl-lt")).toList().size() + 1;

        assertThat(differences(RichCluster.snapshot(), odd)).containsExactly("rules: line " + line
                + ", a rule of KUBE-SVC-4LVCYZMTA5CQO6SX, asks for \"--ttl-lt 3\"; Fairlead cannot tell what that"
                + " does");
    }

    @Test
    void chainsThatLeadInCirclesEnd() throws IOException {
        String circle = RichCluster.rules().replace(":KUBE-SVC-4LVCYZMTA5CQO6SX - [0:0]\n",
                ":KUBE-SVC-4LVCYZMTA5CQO6SX - [0:0]\n-A KUBE-SVC-4LVCYZMTA5CQO6SX -j KUBE-SVC-4LVCYZMTA5CQO6SX\n");

        assertThat(differences(RichCluster.snapshot(), circle)).isNotEmpty();
    }

    @Test
    void damagedLinesAreTold() throws IOException {
        String damaged = RichCluster.rules().replace("*nat\n", "*nat\n-A KUBE-SERVICES -d 10.96.0.300 -j DROP\n");
        int line = damaged.lines().takeWhile(text -> !text.contains("0.300")).toList().size() + 1;

        assertThat(differences(RichCluster.snapshot(), damaged)).containsExactly("line " + line
                + ": cannot be read: -d 10.96.0.300 (expected: an address or a block): -A KUBE-SERVICES -d"
                + " 10.96.0.300 -j DROP; Fairlead cannot tell what it does");
    }

    /** The seed makes a failure repeatable. */
    @Test
    void whateverHappensToTheTextNothingIsThrown() throws IOException {
        Random random = new Random(20_261);
        ServiceSnapshot snapshot = RichCluster.snapshot();
        String rules = RichCluster.rules();
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder(rules);
            for (int j = random.nextInt(5); j >= 0; j--) {
                int at = random.nextInt(text.length());
                text.replace(at, Math.min(text.length(), at + random.nextInt(40)),
                        String.valueOf((char) (32 + random.nextInt(96))));
            }
            assertThat(Against.compare(snapshot, SavedRules.read(text.toString()))).isNotNull();
        }
    }
}
