package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.fairlead.app.Cli.Outcome;
import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** The document of one service of every kind, member for member. */
    @Test
    void theDocumentSaysOfAServicePortWhatItsReadersRelyOn(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("cluster.yaml");
        Files.writeString(file, """
                apiVersion: v1
                kind: Node
                metadata: {name: n1, labels: {topology.kubernetes.io/zone: zone-a}}
                status: {addresses: [{type: InternalIP, address: 192.168.0.2}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {namespace: ns1, name: svc1}
                spec:
                  type: NodePort
                  clusterIP: 10.96.0.1
                  sessionAffinity: ClientIP
                  externalTrafficPolicy: Local
                  ports: [{name: p80, port: 80, nodePort: 8080}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {namespace: ns1, name: db}
                spec: {clusterIP: None}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {namespace: ns1, name: svc1-1, labels: {kubernetes.io/service-name: svc1}}
                addressType: IPv4
                ports: [{name: p80, port: 80}]
                endpoints: [{addresses: [10.1.2.3], nodeName: n1}]
                """);

        Outcome outcome = new Cli().execute("explain", "-f", file.toString(), "--node", "n1", "-o", "json");

        assertThat(outcome.out()).isEqualTo("""
                {"node":{"name":"n1","zone":"zone-a","addresses":["192.168.0.2"]},\
                "servicePorts":[{"namespace":"ns1","service":"svc1","port":"p80","protocol":"TCP","family":"IPv4",\
                "clusterIP":"10.96.0.1","servicePort":80,"nodePort":8080,"externalIPs":[],"loadBalancerVIPs":[],\
                "loadBalancerSourceRanges":[],"healthCheckNodePort":0,\
                "sessionAffinity":{"type":"ClientIP","timeoutSeconds":10800},\
                "internalTrafficPolicy":"Cluster","externalTrafficPolicy":"Local",\
                "frontends":[{"kind":"ClusterIP","address":"10.96.0.1","port":80},\
                {"kind":"NodePort","address":"192.168.0.2","port":8080}],\
                "clusterEndpoints":["10.1.2.3:80"],"localEndpoints":["10.1.2.3:80"],"allEndpoints":["10.1.2.3:80"],\
                "hasAnyEndpoints":true,"endpoints":[{"address":"10.1.2.3:80","node":"n1","local":true,"ready":true,\
                "serving":true,"terminating":false,"used":["cluster","local"],\
                "why":"ready; policy Local: on this node"}]}],\
                "skipped":[{"namespace":"ns1","service":"db","why":"headless (clusterIP is None)"}]}
                """);
    }

    @Test
    void aSetThatIsUsedIsEmptyAndNotNullAlsoWhereThisNodeServesNoNodePort(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("cluster.yaml");
        Files.writeString(file, """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  type: NodePort
                  clusterIP: 10.96.0.1
                  externalTrafficPolicy: Local
                  internalTrafficPolicy: Local
                  ports: [{port: 80, nodePort: 30080}]
                """);

        assertThat(new Cli().execute("explain", "-f", file.toString(), "-o", "json").out())
                .contains("\"clusterEndpoints\":[],\"localEndpoints\":[]");
    }

    @Test
    void whatBecomesOfFlowsIsToldOneALine(@TempDir Path folder) throws IOException {
        Path flows = folder.resolve("flows.txt");
        Files.writeString(flows, "10.0.0.9 -> 192.0.2.99:80/TCP\n");

        assertThat(new Cli().execute("explain", "-f", CLUSTER, "--flows", flows.toString(), "-o", "json").out())
                .isEqualTo("""
                        {"source":"10.0.0.9","destination":"192.0.2.99:80","protocol":"TCP","sourceKind":"external",\
                        "verdict":"NOT_CAPTURED","servicePort":null,"frontend":null,"set":null,"endpoints":[],\
                        "sourceKept":false,"why":["10.0.0.9 is not this node, and which addresses are pods is not \
                        known (expected: clusterCIDR)","no service has 192.0.2.99:80"]}
                        """);
    }

    @Test
    void flowsThatCannotBeReadAreSaidWithTheirPlaces(@TempDir Path folder) throws IOException {
        Path flows = folder.resolve("flows.txt");
        Files.writeString(flows, "10.0.0.9 => 192.0.2.99:80/TCP\n");

        Outcome outcome = new Cli().execute("explain", "-f", CLUSTER, "--flows", flows.toString());

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(flows + ":1:1: ").contains("is not a flow");
    }

    @ParameterizedTest
    @CsvSource({"10.96.0.10:80,to=10.96.0.10:80", "10.96.0.10:53/udp,to=10.96.0.10:53&protocol=udp",
            "[fd00::10]:53/UDP,to=[fd00::10]:53&protocol=UDP"})
    void aRunningProcessIsAskedForTheProtocolThatFollowsTheAddress(String to, String asked) throws IOException {
        HttpServer admin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        admin.createContext("/api/v1/explain", exchange -> {
            byte[] query = exchange.getRequestURI().getQuery().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, query.length);
            exchange.getResponseBody().write(query);
            exchange.close();
        });
        admin.start();
        try {
            Outcome outcome = new Cli().execute("explain", "--to", to, "--from", "10.1.2.3", "--admin",
                    "127.0.0.1:" + admin.getAddress().getPort());

            assertThat(outcome.out()).isEqualTo(asked + "&from=10.1.2.3\n");
        } finally {
            admin.stop(0);
        }
    }

    @Test
    void aRunningProcessThatIsNotThereIsSaid() {
        Outcome outcome = new Cli().execute("explain", "--to", "10.96.0.10:80", "--admin", "127.0.0.1:1");

        assertThat(outcome.status()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(outcome.err()).contains("no Fairlead answers at http://127.0.0.1:1").contains("--admin");
    }
}
