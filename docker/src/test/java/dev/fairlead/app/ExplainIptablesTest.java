package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Cli.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code explain -o iptables} and {@code explain --against}, as one types them. */
class ExplainIptablesTest {
    private static final String CLUSTER = Golden.file("iptables/cluster.yaml").toString();
    private static final String SETTINGS = """
            apiVersion: fairlead.dev/v1alpha1
            kind: ProxyConfiguration
            nodeName: n1
            clusterCIDR: 10.244.0.0/16,fd00:244::/48
            """;

    @TempDir
    private Path folder = Path.of("");

    private String settings(String more) throws IOException {
        return Files.writeString(folder.resolve("settings.yaml"), SETTINGS + more).toString();
    }

    private Outcome explain(String... arguments) throws IOException {
        return explain(new Cli(), arguments);
    }

    private Outcome explain(Cli cli, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 3];
        all[0] = "explain";
        all[1] = "-f";
        all[2] = settings("") + "," + CLUSTER;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return cli.execute(all);
    }

    private String rules() throws IOException {
        return Files.readString(Golden.file("iptables/cluster.ipv4.txt"));
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("iptables-save.txt"), text).toString();
    }

    @Test
    void theRulesArePrintedAloneAndAreThoseOfTheConfiguration() throws IOException {
        Outcome four = explain("-o", "iptables");

        assertThat(four.status()).isEqualTo(ExitCode.OK);
        assertThat(four.out()).isEqualTo(rules());
        assertThat(explain("-o", "iptables", "--family", "ipv4").out()).isEqualTo(four.out());
        assertThat(explain("-o", "iptables", "--family", "ipv6").out())
                .isEqualTo(Files.readString(Golden.file("iptables/cluster.ipv6.txt")));
    }

    @Test
    void theConfigurationSaysOnWhichAddressesNodePortsAre() throws IOException {
        String file = settings("nodePortAddresses: [192.168.0.0/24]\n");

        assertThat(new Cli().execute("explain", "-f", file, "-f", CLUSTER, "-o", "iptables").out())
                .contains("last rule in this chain\" -d 192.168.0.2 -j KUBE-NODEPORTS\n")
                .doesNotContain("--dst-type LOCAL -j KUBE-NODEPORTS");
    }

    @Test
    void soundRulesAreCalledSound() throws IOException {
        assertThat(explain("--against", file(rules()))).satisfies(outcome -> {
            assertThat(outcome.status()).isEqualTo(ExitCode.OK);
            assertThat(outcome.out()).isEqualTo("sound: no difference between these rules and what Fairlead would do"
                    + " (11 service ports, IPv4)\n");
            assertThat(outcome.err()).contains("note: no IPv6 rules are given");
        });
    }

    @Test
    void differencesAreALineEachAndTheExitCodeIsOne() throws IOException {
        Outcome outcome = explain("--against", file(rules().replace("0.3333333333", "0.2000000000")));

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out()).isEqualTo("""
                ns1/web:http TCP (ClusterIP 10.96.0.10:80): KUBE-SVC-4LVCYZMTA5CQO6SX spreads new clients unevenly, \
                0.2000 to 10.244.1.1:8080, 0.4000 to 10.244.2.1:8080, 0.4000 to 10.244.2.2:8080; Fairlead would send \
                0.3333 to each
                1 difference
                """);
    }

    @Test
    void rulesMayComeFromStandardInput() throws IOException {
        assertThat(explain(new Cli().in(rules()), "--against", "-").status()).isEqualTo(ExitCode.OK);
    }

    @Test
    void bytesThatAreNoTextDoNotStopTheComparison() throws IOException {
        byte[] bytes = rules().replace("ns1/web:http cluster IP", "\u00ff").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(explain(new Cli().in(bytes), "--against", "-").status()).isEqualTo(ExitCode.OK);
    }

    @Test
    void aFileThatIsNotThereIsAProblem() throws IOException {
        Outcome outcome = explain("--against", folder.resolve("nowhere").toString());

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("nowhere");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "--against - -o json | --against answers in sentences (expected: without -o, --flows and --to)",
            "--against x --flows y | --against answers in sentences (expected: without -o, --flows and --to)",
            "--against - --flows - | standard input can be read once (expected: one of -f -, --flows - and --against -)",
            "-f - --against - | standard input can be read once (expected: one of -f -, --flows - and --against -)",
            "-o iptables --flows x | -o iptables is about all services (expected: without --flows and --to)",
            "--family ipv6 | --family needs -o iptables",
            "-o iptables --family ip6 | invalid value for option '--family': \"ip6\" is no family (expected: ipv4 or"
                    + " ipv6)"})
    void questionsThatDoNotFitTogetherAreRefused(String arguments, String why) throws IOException {
        Outcome outcome = explain(arguments.split(" "));

        assertThat(outcome.status()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).isEqualTo("fairlead: " + why + "\nfairlead: see fairlead explain --help\n");
    }
}
