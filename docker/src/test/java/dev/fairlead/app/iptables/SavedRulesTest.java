package dev.fairlead.app.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SavedRulesTest {
    private static final String SEP = "KUBE-SEP-MXQXS25ZDQG4677T";

    private static Rule rule(String line) {
        SavedRules saved = SavedRules.read("*nat\n" + line + "\nCOMMIT\n");
        assertThat(saved.damage()).isEmpty();
        return saved.documents().getFirst().nat().values().stream().flatMap(chain -> chain.rules().stream()).findFirst()
                .orElseThrow();
    }

    private static Cidr block(String text) {
        return Cidr.parse(text).orElseThrow();
    }

    /** As the nft flavour prints it, as the legacy flavour does, as kube-proxy writes it, and with counters. */
    @ParameterizedTest
    @ValueSource(strings = {
            "-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment \"a/b:c cluster IP\" -m tcp --dport 80 -j"
                    + " KUBE-SVC-4LVCYZMTA5CQO6SX",
            "-A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -m comment --comment \"a/b:c cluster IP\" -j"
                    + " KUBE-SVC-4LVCYZMTA5CQO6SX",
            "-A KUBE-SERVICES -m comment --comment \"a/b:c cluster IP\" -m tcp -p tcp -d 10.96.0.10 --dport 80 -j"
                    + " KUBE-SVC-4LVCYZMTA5CQO6SX",
            "[12:720] -A KUBE-SERVICES -d 10.96.0.10/255.255.255.255 -p 6 -m comment --comment \"a/b:c cluster IP\""
                    + " -m tcp --dport 80 -j KUBE-SVC-4LVCYZMTA5CQO6SX"})
    void oneRuleReadsTheSameInEveryForm(String line) {
        Rule rule = rule(line);

        assertThat(rule.chain()).isEqualTo("KUBE-SERVICES");
        assertThat(rule.comment()).isEqualTo("a/b:c cluster IP");
        assertThat(rule.matches()).containsExactlyInAnyOrder(new Match.Destination(block("10.96.0.10/32"), false),
                new Match.OfProtocol(Protocol.TCP, false), new Match.DestinationPort(80, 80, false));
        assertThat(rule.action()).isEqualTo(new Action.Jump("KUBE-SVC-4LVCYZMTA5CQO6SX"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m recent --set --name " + SEP + " --mask 255.255.255.255 --rsource -m tcp",
            "-m recent --name " + SEP + " --set -m tcp"})
    void rememberingAndSendingAreOneRule(String words) {
        Rule rule = rule("-A " + SEP + " -p tcp " + words + " -j DNAT --to-destination 10.1.2.3:80");

        assertThat(rule.matches()).containsExactlyInAnyOrder(new Match.OfProtocol(Protocol.TCP, false),
                new Match.Remember(SEP));
        assertThat(rule.action()).isEqualTo(new Action.Dnat(IpPort.of("10.1.2.3:80")));
    }

    @Test
    void affinityKnowsItsListAndItsSeconds() {
        assertThat(rule("-A KUBE-SVC-A -m recent --rcheck --seconds 10800 --reap --name " + SEP
                + " --mask 255.255.255.255 --rsource -j " + SEP).matches())
                .containsExactly(new Match.SeenBefore(SEP, OptionalLong.of(10_800)));
    }

    @Test
    void aProbabilityHasAsManyDigitsAsItHas() {
        assertThat(rule("-A KUBE-SVC-A -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-A").matches())
                .containsExactly(new Match.Chance(0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"! -s 10.244.0.0/16", "-s ! 10.244.0.0/16", "! -s 10.244.0.0/255.255.0.0"})
    void aNegationMayStandOnEitherSideOfItsOption(String words) {
        assertThat(rule("-A KUBE-SVC-A " + words + " -j KUBE-MARK-MASQ").matches())
                .containsExactly(new Match.Source(block("10.244.0.0/16"), true));
    }

    @ParameterizedTest
    @CsvSource({"--set-xmark 0x4000/0x4000, true", "--or-mark 0x4000, true", "--set-xmark 0x4000/0x0, false",
            "--xor-mark 0x4000, false", "--set-xmark 0x0/0x4000, false"})
    void aMarkIsSetOrCleared(String words, boolean sets) {
        assertThat(rule("-A KUBE-MARK-MASQ -j MARK " + words).action() instanceof Action.Mark).isEqualTo(sets);
    }

    @Test
    void aQuoteWithinAQuoteIsPartOfTheComment() {
        assertThat(rule("-A KUBE-SVC-A -m comment --comment \"say \\\"hi\\\" -j DROP\" -j KUBE-SEP-A").comment())
                .isEqualTo("say \"hi\" -j DROP");
    }

    @Test
    void whatIsNotKnownIsKeptAsText() {
        assertThat(rule("-A KUBE-SVC-A ! --foo bar 3 -m baz --qux -j KUBE-SEP-A").matches())
                .containsExactly(new Match.Unknown("! --foo bar 3"), new Match.Unknown("--qux"));
    }

    @Test
    void theFamilyIsThatOfTheAddresses() {
        String six = "*nat\n-A KUBE-SVC-A -d fd00::1/128 -p tcp -j KUBE-SEP-A\nCOMMIT\n";

        assertThat(SavedRules.read(six).documents().getFirst().family()).isEqualTo(IpFamily.IPV6);
        assertThat(SavedRules.read(six + six.replace("fd00::1/128", "10.0.0.1/32")).documents())
                .extracting(SavedRules.Document::family).containsExactly(IpFamily.IPV6, IpFamily.IPV4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "-A KUBE-SVC-A -s 10.0.0.0/33 -j DROP | -s 10.0.0.0/33 (expected: an address or a block)",
            "-A KUBE-SVC-A -s 10.0.0.0/255.0.255.0 -j DROP | -s 10.0.0.0/255.0.255.0 (expected: an address or a block)",
            "-A KUBE-SVC-A --dport 65536 -j DROP | port 65536 (expected: 0-65535)",
            "-A KUBE-SVC-A --dport http -j DROP | \"http\" (expected: a number)",
            "-A KUBE-SVC-A --probability 1.5 -j DROP | probability 1.5 (expected: 0 to 1)",
            "-A KUBE-SVC-A --probability NaN -j DROP | probability NaN (expected: 0 to 1)",
            "-A KUBE-SVC-A -j | -j is the last word (expected: a value)",
            "-A KUBE-SVC-A --comment \"oh | a quote does not end",
            "-A KUBE-SEP-A -j DNAT | --to-destination  is no address and port (expected: such as 10.1.2.3:80)",
            "-A KUBE-SEP-A -j DNAT --to-destination 10.1.2.3 | --to-destination 10.1.2.3 is an address without a port"
                    + " (expected: such as 10.1.2.3:80)",
            "-A KUBE-MARK-MASQ -j MARK --or-mark ten | mark ten (expected: a number such as 0x4000)",
            "KUBE-SVC-A -j DROP | no rule (expected: -A CHAIN ...)"})
    void damageIsToldWithItsLineItsTextAndWhatWasExpected(String line, String why) {
        assertThat(SavedRules.read("*nat\n:KUBE-SVC-A - [0:0]\n" + line + "\nCOMMIT\n").damage())
                .containsExactly(new SavedRules.Damage(3, line, why));
    }

    @Test
    void aTextThatIsCutOffIsDamaged() {
        assertThat(SavedRules.read("*nat\n:KUBE-SVC-A - [0:0]\n").damage())
                .containsExactly(new SavedRules.Damage(2, "", "table nat does not end (expected: COMMIT)"));
        assertThat(SavedRules.read("*nat\n*filter\nCOMMIT\n").damage())
                .containsExactly(new SavedRules.Damage(2, "*filter", "table nat does not end (expected: COMMIT)"));
    }

    @Test
    void rulesOutsideOfATableAreDamagedAsWhenTheTextWasFiltered() {
        assertThat(SavedRules.read("-A KUBE-SVC-A -j DROP\n").damage()).containsExactly(new SavedRules.Damage(1,
                "-A KUBE-SVC-A -j DROP", "no table has begun (expected: *nat or *filter before it)"));
    }

    @Test
    void damageIsBoundedInNumberAndLength() {
        String line = "-A KUBE-SVC-A --dport " + "9".repeat(20_000) + "\n";

        assertThat(SavedRules.read("*nat\n" + line.repeat(300)).damage()).hasSize(SavedRules.MOST_DAMAGE)
                .allSatisfy(damage -> assertThat(damage.toString()).hasSizeLessThan(400));
    }

    @Test
    void noTextIsNoDocument() {
        assertThat(SavedRules.read("")).isEqualTo(new SavedRules(List.of(), List.of()));
    }
}
