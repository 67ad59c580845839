package dev.fairlead.e2e;

import static dev.fairlead.e2e.Namespaces.CLIENT;
import static dev.fairlead.e2e.Namespaces.NODE;
import static dev.fairlead.e2e.Namespaces.POD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods that see who their clients are, on a node with its pods in network namespaces of their own. */
@Timeout(180)
class TransparentTest {
    private static final int PORT = 8080;

    /** Services, by the last digit of their addresses. */
    private enum Kind {
        /** {@code transparent: local}, and the endpoint is of this node. */
        KEPT("local", "node-1"),
        /** {@code transparent: local}, and the endpoint is said to be of another node. */
        FAR("local", "node-2"),
        /** {@code transparent: all}. */
        FORCED("all", "node-2"),
        /** Not transparent. */
        PLAIN("off", "node-1"),
        /** {@code transparent: local}, and nobody listens at the endpoint. */
        GONE("local", "node-1");

        private final String word;
        private final String node;

        Kind(String word, String node) {
            this.word = word;
            this.node = node;
        }

        int port() {
            return this == GONE ? 9 : PORT;
        }

        String vip(Family family) {
            return (family == Family.IPV4 ? "10.96.0.1" : "fd00:96::1") + ordinal();
        }
    }

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Namespaces there;

    @BeforeEach
    void nodeAndPods() throws Exception {
        Requires.nginx();
        Requires.curl();
        Requires.command("nft");
        List<String> vips = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            vips.add(kind.vip(Family.IPV4) + "/32");
            vips.add(kind.vip(Family.IPV6) + "/128");
        }
        there = Namespaces.create(vips);
        open.add(there);
        String pod4 = Addresses.at(Namespaces.address(Family.IPV4, POD), PORT);
        String pod6 = Addresses.at(Namespaces.address(Family.IPV6, POD), PORT);
        open.add(ConfiguredServer.nginx(there.enter(POD), directory, """
                http {
                  access_log off;
                  server { listen %1$s; listen %2$s; location / { return 200 "$remote_addr\\n"; } }
                }
                stream {
                  server { listen %1$s udp; listen %2$s udp; return "$remote_addr\\n"; }
                }
                """.formatted(pod4, pod6)));
        for (Family family : Family.values()) {
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                    there.run(CLIENT, curl(Namespaces.address(family, POD))).out())
                    .isEqualTo(Namespaces.address(family, CLIENT)));
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"io_uring", "epoll", "channel"})
    void podsOfThisNodeSeeTheirClients(String dataPath) throws Exception {
        FairleadThere fairlead = fairlead(dataPath, List.of());
        for (Family family : Family.values()) {
            String client = Namespaces.address(family, CLIENT);
            assertThat(askTcp(CLIENT, Kind.KEPT, family)).isEqualTo(client);
            assertThat(askUdp(CLIENT, Kind.KEPT, family)).isEqualTo(client);
            assertThat(askTcp(CLIENT, Kind.FORCED, family)).isEqualTo(client);
            assertThat(askUdp(CLIENT, Kind.FORCED, family)).isEqualTo(client);
            assertNodeSeen(CLIENT, Kind.FAR, family);
            assertNodeSeen(CLIENT, Kind.PLAIN, family);
            assertThat(askUdp(CLIENT, Kind.GONE, family)).isEmpty();
            await("the endpoint's refusal is heard").untilAsserted(() -> assertThat(
                    AccessLine.read(fairlead.setup().accessLog()))
                    .anyMatch(line -> line.service().startsWith("default/gone-" + name(family))
                            && line.client().startsWith(Addresses.at(client, 0).replaceFirst("0$", ""))
                            && line.end().equals("UPSTREAM/CONNECT/REFUSED")));
            // The pod is its own client: it would answer itself.
            assertNodeSeen(POD, Kind.KEPT, family);
            assertThat(there.run(NODE, "curl", "-sS", "-m", "10", "--interface",
                    Namespaces.gateway(family, CLIENT), url(Kind.KEPT.vip(family))).out())
                    .isEqualTo(Namespaces.gateway(family, POD));
            // What does not go through the proxy is as before.
            assertThat(there.run(CLIENT, curl(Namespaces.address(family, POD))).out()).isEqualTo(client);
        }
        assertThat(rules()).contains("fairlead_replies", "lookup 4070");

        fairlead.terminate();

        assertThat(fairlead.said()).doesNotContain("WARN");
        assertThat(rules()).doesNotContain("fairlead_replies", "4070");
    }

    @Test
    void whatAKilledProcessLeftBehindIsTakenOver() throws Exception {
        fairlead("auto", List.of()).kill();
        assertThat(rules()).contains("fairlead_replies", "lookup 4070");

        FairleadThere second = fairlead("auto", List.of());

        assertThat(askTcp(CLIENT, Kind.KEPT, Family.IPV4)).isEqualTo(Namespaces.address(Family.IPV4, CLIENT));
        assertThat(rules().lines().filter(line -> line.contains("lookup 4070"))).hasSize(2);
        second.terminate();
        assertThat(rules()).doesNotContain("fairlead_replies", "4070");
    }

    @Test
    void whereItCannotBeHadThatIsSaidAndTheNodeIsSeen() throws Exception {
        FairleadThere powerless = fairlead("auto", List.of(Requires.command("setpriv").toString(), "--bounding-set",
                "-net_admin,-net_raw", "--inh-caps", "-net_admin,-net_raw"));
        assertNodeSeen(CLIENT, Kind.KEPT, Family.IPV4);
        assertThat(powerless.said()).contains(
                "cannot be kept: it takes the capability NET_ADMIN, which is not held");
        powerless.terminate();

        FairleadThere anywhere = fairlead("nio", List.of());
        assertNodeSeen(CLIENT, Kind.KEPT, Family.IPV6);
        assertThat(anywhere.said())
                .contains("cannot be kept: data path channel/nio has no way to (expected: io_uring, epoll or channel)");
        assertThat(rules()).doesNotContain("fairlead_replies", "4070");
    }

    private String rules() throws Exception {
        return there.run(NODE, "sh", "-c", "nft list ruleset; ip rule; ip -6 rule; ip route show table 4070 2>&1;"
                + " ip -6 route show table 4070 2>&1").out().replace("FIB table does not exist", "");
    }

    private void assertNodeSeen(String from, Kind kind, Family family) throws Exception {
        assertThat(askTcp(from, kind, family)).isEqualTo(Namespaces.gateway(family, POD));
        assertThat(askUdp(from, kind, family)).isEqualTo(Namespaces.gateway(family, POD));
    }

    private String askTcp(String from, Kind kind, Family family) throws Exception {
        return there.run(from, curl(kind.vip(family))).out();
    }

    /** One datagram there, one back. */
    private String askUdp(String from, Kind kind, Family family) throws Exception {
        return there.run(from, "bash", "-c", "exec 3<>/dev/udp/" + kind.vip(family) + "/" + PORT
                + "; echo hello >&3; timeout 3 dd bs=1500 count=1 status=none <&3").out();
    }

    private static String[] curl(String ip) {
        return new String[]{"curl", "-sS", "-m", "10", url(ip)};
    }

    private static String url(String ip) {
        return "http://" + Addresses.at(ip, PORT) + "/";
    }

    // ---- the proxy ----

    /** Fairlead on the node, whose admin address can be reached only there. */
    private record FairleadThere(Process process, FairleadSetup setup) {
        String said() throws IOException {
            return Files.readString(setup.output());
        }

        void terminate() throws Exception {
            Signal.TERM.to(process.pid());
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ends; it said: %s", said()).isTrue();
            assertThat(said()).doesNotContain("a defect");
        }

        void kill() throws Exception {
            Signal.KILL.to(process.pid());
            process.waitFor();
        }
    }

    private FairleadThere fairlead(String dataPath, List<String> before) throws Exception {
        FairleadSetup setup = FairleadSetup.in(directory).withSettings("""
                dataPath: %s
                nodeName: node-1
                nodeAddresses: ["%s", "%s", "%s", "%s"]
                drain: {deadline: 1s}
                """.formatted(dataPath, Namespaces.gateway(Family.IPV4, POD), Namespaces.gateway(Family.IPV6, POD),
                Namespaces.gateway(Family.IPV4, CLIENT), Namespaces.gateway(Family.IPV6, CLIENT)));
        StringBuilder documents = new StringBuilder();
        for (Kind kind : Kind.values()) {
            for (Family family : Family.values()) {
                documents.append(service(kind, family));
            }
        }
        setup.write(documents.toString());
        List<String> command = new ArrayList<>(there.enter(NODE));
        command.addAll(before);
        command.addAll(FairleadProcess.command("run", "-f", setup.input().toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(setup.output().toFile()).start();
        open.add(process::destroyForcibly);
        FairleadThere fairlead = new FairleadThere(process, setup);
        await("Fairlead is ready").atMost(Duration.ofSeconds(30)).until(() -> {
            assertThat(process.isAlive()).as("Fairlead runs; it said: %s", fairlead.said()).isTrue();
            return there.run(NODE, "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}",
                    "http://" + setup.admin() + "/readyz").out().equals("200");
        });
        return fairlead;
    }

    private static String name(Family family) {
        return family.word().toLowerCase(Locale.ROOT);
    }

    private static String service(Kind kind, Family family) {
        String name = kind.name().toLowerCase(Locale.ROOT) + "-" + name(family);
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: default, annotations: {fairlead.dev/transparent: "%2$s"}}
                spec:
                  clusterIP: "%3$s"
                  clusterIPs: ["%3$s"]
                  ipFamilies: [%4$s]
                  ports:
                    - {name: streams, protocol: TCP, port: %5$d}
                    - {name: datagrams, protocol: UDP, port: %5$d}
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %1$s-1, namespace: default, labels: {kubernetes.io/service-name: %1$s}}
                addressType: %4$s
                ports:
                  - {name: streams, protocol: TCP, port: %8$d}
                  - {name: datagrams, protocol: UDP, port: %8$d}
                endpoints: [{addresses: ["%6$s"], nodeName: %7$s, conditions: {ready: true}}]
                ---
                """.formatted(name, kind.word, kind.vip(family), family.word(), PORT,
                Namespaces.address(family, POD), kind.node, kind.port());
    }
}
