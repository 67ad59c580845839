package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Cli.Outcome;
import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    private static final String CLUSTER = Golden.file("explain/cluster.yaml").toString();

    @Test
    void tellsAReaderWhatIsOpenedWhoIsBehindItAndWhyOthersAreNot() throws IOException {
        Outcome outcome = new Cli().execute("explain", "-f", CLUSTER, "--node", "n1");

        assertThat(outcome.status()).isEqualTo(ExitCode.OK);
        assertThat(outcome.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        Golden.assertMatches("explain/cluster.n1.txt", outcome.out());
    }

    @Test
    void withoutANodeNothingIsLocal() throws IOException {
        Golden.assertMatches("explain/cluster.txt", new Cli().execute("explain", "-f", CLUSTER).out());
    }

    @Test
    void tellsAProgramTheSameAsOneJsonDocument() throws IOException {
        Outcome outcome = new Cli().execute("explain", "-f", CLUSTER, "--node", "n1", "-o", "json");

        // One member a line, so that a difference can be read.
        Golden.assertMatches("explain/cluster.n1.json", outcome.out().replace(",\"", ",\n\"").replace("},{", "},\n{"));
        assertThat(outcome.out()).hasLineCount(1);
    }

    @Test
    void theDocumentHasTheMembersThatReadersRelyOnInThisOrder() {
        String json = new Cli().execute("explain", "-f", CLUSTER, "--node", "n1", "-o", "json").out();

        assertThat(membersInOrder(json)).containsExactly("node", "name", "zone", "addresses", "servicePorts",
                "namespace", "service", "port", "protocol", "family", "clusterIP", "servicePort", "nodePort",
                "externalIPs", "loadBalancerVIPs", "loadBalancerSourceRanges", "healthCheckNodePort",
                "sessionAffinity", "type", "timeoutSeconds", "internalTrafficPolicy", "externalTrafficPolicy",
                "frontends", "kind", "address", "clusterEndpoints", "localEndpoints", "allEndpoints",
                "hasAnyEndpoints", "endpoints", "local", "ready", "serving", "terminating", "used", "why", "skipped");
    }

    private static List<String> membersInOrder(String json) {
        return Pattern.compile("\"(\\w+)\":").matcher(json).results().map(result -> result.group(1)).distinct()
                .toList();
    }

    @Test
    void theDocumentWithoutANodeSaysSoAndHasNoLocalEndpoint() {
        String json = new Cli().execute("explain", "-f", CLUSTER, "-o", "json").out();

        assertThat(json).startsWith("{\"node\":null,").contains("\"local\":false").doesNotContain("\"local\":true");
    }

    @Test
    void standardOutputIsTheDocumentAloneAndNotesGoToStandardError() {
        Outcome outcome = new Cli().execute("explain", "-f", CLUSTER, "-o", "json");

        assertThat(outcome.out()).startsWith("{").endsWith("}\n").hasLineCount(1);
        assertThat(outcome.err().lines()).isNotEmpty().allSatisfy(line -> assertThat(line).startsWith("note: "));
    }

    @Test
    void anEmptyInputIsAnEmptyDocument() {
        assertThat(new Cli().in("{}").execute("explain", "-f", "-", "-o", "json").status())
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(new Cli().in("").execute("explain", "-f", "-", "-o", "json").out())
                .isEqualTo("{\"node\":null,\"servicePorts\":[],\"skipped\":[]}\n");
    }

    @Test
    void theNodeOnTheCommandLineWinsOverTheFiles(@TempDir Path folder) throws IOException {
        Path settings = Files.writeString(folder.resolve("settings.yaml"),
                "apiVersion: fairlead.dev/v1alpha1\nkind: ProxyConfiguration\nnodeName: n2\n");

        assertThat(new Cli().execute("explain", "-f", settings.toString(), "-f", CLUSTER).out())
                .startsWith("node n2\n");
        assertThat(new Cli().execute("explain", "-f", settings.toString(), "-f", CLUSTER, "--node", "n1").out())
                .startsWith("node n1, zone zone-a, 192.168.0.2\n");
    }

    @Test
    void aNodeThatIsNoNameIsToldByItsOption() {
        assertThat(new Cli().execute("explain", "-f", CLUSTER, "--node", "N 1")).isEqualTo(new Outcome(
                ExitCode.BAD_INPUT, "",
                "--node: \"N 1\" is not a name (expected: lower case letters, digits, - and .)\n1 problem\n"));
    }

    @Test
    void theExamplesAreExplained() throws IOException {
        for (Map.Entry<String, String> example : Map.of("laptop", "explain/laptop.txt", "kubernetes",
                "explain/kubernetes.txt").entrySet()) {
            Path file = Repository.root().resolve("config/examples/" + example.getKey() + ".yaml");
            Golden.assertMatches(example.getValue(), new Cli().execute("explain", "-f", file.toString()).out());
        }
    }
}
