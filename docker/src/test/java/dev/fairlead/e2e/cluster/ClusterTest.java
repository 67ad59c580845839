package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.e2e.Requires;
import dev.fairlead.e2e.cluster.Conformance.Play;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two clusters of two nodes, one that follows files and one that follows the API, and what holds on them. */
@Timeout(300)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
    private static final String PREFIX = "fairlead-e2e-";
    private static final int PORT = 9_376;

    @TempDir
    static Path directory;

    private static final List<Cluster> CLUSTERS = new ArrayList<>();

    @BeforeAll
    static void build() throws Exception {
        Requires.namespaces();
        Requires.command("ss");
        NetworkNamespace.deleteLeftovers(Pattern.compile(PREFIX + "(\\d+)-.*"));
        try (ExecutorService builders = Executors.newFixedThreadPool(Mode.values().length)) {
            List<Callable<Cluster>> plans = Stream.of(Mode.values())
                    .<Callable<Cluster>>map(mode -> () -> Cluster.open(mode, prefix(mode),
                            Files.createDirectory(directory.resolve(mode.name()))))
                    .toList();
            for (Future<Cluster> built : builders.invokeAll(plans)) {
                CLUSTERS.add(built.get());
            }
        }
    }

    @AfterAll
    static void takeDown() throws IOException {
        for (Cluster cluster : CLUSTERS) {
            cluster.close();
        }
    }

    private static String prefix(Mode mode) {
        return PREFIX + ProcessHandle.current().pid() + "-" + mode;
    }

    private static Cluster cluster(Mode mode) {
        return CLUSTERS.stream().filter(cluster -> cluster.mode() == mode).findFirst().orElseThrow();
    }

    /** Kubernetes' rules of networking: what all the rest stands on. */
    @Test
    @Order(1)
    void everyPodAndNodeReachesEveryPodAtItsOwnAddressAndIsSeenByItsOwn() throws IOException {
        Network network = cluster(Mode.FILES).network();
        List<Host> hosts = Stream.concat(network.pods().stream(), Stream.of(network.node(0), network.node(1)))
                .toList();
        for (Host pod : network.pods()) {
            try (PodServer server = PodServer.start(pod, PORT, pod.name())) {
                assertThat(server).isNotNull();
                for (Host host : hosts) {
                    for (IpFamily family : IpFamily.values()) {
                        String address = Addresses.at(pod.ip(family), PORT);
                        for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
                            Client client = new Client(host);
                            assertThat(client.ask(protocol, address, "hostname")).isEqualTo(pod.name());
                            assertThat(client.ask(protocol, address, "clientip"))
                                    .as("%s as %s sees it", host, pod).isEqualTo(seen(host.ip(family)));
                        }
                    }
                }
            }
        }
    }

    private static String seen(String ip) throws IOException {
        return Addresses.socket(Addresses.at(ip, 0)).getAddress().getHostAddress();
    }

    @Test
    @Order(2)
    void containersOfAPodShareItsNamespaceWhichOutlivesThem() throws IOException {
        Host pod = cluster(Mode.FILES).network().pod(0, "a");
        String address = Addresses.at(pod.ipv4(), PORT);
        Client neighbour = new Client(pod);
        Client stranger = new Client(cluster(Mode.FILES).network().pod(1, "a"));
        for (String name : List.of("first", "restarted")) {
            try (Nginx nginx = Nginx.start(directory, pod, PORT, name);
                    PodServer sidecar = PodServer.start(pod, PORT + 1, "sidecar of " + name)) {
                assertThat(nginx).isNotEqualTo(sidecar);
                assertThat(neighbour.ask(Protocol.TCP, address, "clientip")).isEqualTo(pod.ipv4());
                assertThat(stranger.ask(Protocol.TCP, address, "hostname")).isEqualTo(name);
                assertThat(stranger.ask(Protocol.TCP, Addresses.at(pod.ipv4(), PORT + 1), "hostname"))
                        .isEqualTo("sidecar of " + name);
            }
            assertThat(stranger.ask(Protocol.TCP, address, "hostname")).isEqualTo(Client.REFUSED);
        }
    }

    /** Upstream's list, and the flows beside kube-proxy's rules: they come first, since the last thing is the end. */
    @TestFactory
    @Order(3)
    Stream<DynamicTest> upstreamsCases() throws IOException {
        Conformance conformance = new Conformance(CLUSTERS);
        conformance.playAll();
        List<SideBySide.Outcome> outcomes = compared(conformance);
        Path page = Repository.root().resolve("docs/conformance.md");
        String text = ConformanceDocument.of(Conformance.CASES, play -> conformance.result(play).isEmpty(), outcomes);
        if (System.getProperty("fairlead.goldens", "").equals("write")) {
            Files.writeString(page, text);
        }
        Stream<DynamicTest> plays = Conformance.plays().stream()
                .map(play -> dynamicTest(play.toString(), () -> assertResult(conformance, play)));
        return Stream.concat(plays, Stream.of(
                dynamicTest("every flow to a service port meets the same as with kube-proxy's rules",
                        () -> assertThat(outcomes).isNotEmpty()
                                .noneMatch(outcome -> outcome.verdict() == SideBySide.Verdict.DIFFERENT)),
                dynamicTest("every endpoint sees the source that it sees with kube-proxy's rules, or there is a reason",
                        () -> assertThat(outcomes).flatMap(SideBySide.Outcome::sources).isNotEmpty()
                                .noneMatch(seen -> seen.reason() == SourceSeen.Reason.NONE)),
                dynamicTest("docs/conformance.md is what came of it",
                        () -> assertThat(Files.readString(page)).isEqualTo(text)),
                dynamicTest("no case passes while Fairlead is stopped", () -> {
                    cluster(Mode.FILES).stopProxies();
                    assertThat(conformance.passWithoutProxy(Mode.FILES)).isEmpty();
                })))
                .onClose(conformance::close);
    }

    private static List<SideBySide.Outcome> compared(Conformance conformance) throws IOException {
        try (TwinCluster twin = TwinCluster.open(PREFIX + ProcessHandle.current().pid() + "-twin");
                SideBySide both = SideBySide.open(cluster(Mode.FILES), twin, directory, Conformance.PATIENCE)) {
            return conformance.compareAll(both);
        }
    }

    private static void assertResult(Conformance conformance, Play play) {
        conformance.result(play).ifPresentOrElse(failed -> {
            if (play.what().kind() != Case.Kind.KNOWN_TO_FAIL) {
                throw new AssertionError(play + ": " + failed.getMessage(), failed);
            }
        }, () -> assertThat(play.what().kind())
                .as("%s passes: it is no longer one that is known to fail (%s)", play, play.what().note())
                .isNotEqualTo(Case.Kind.KNOWN_TO_FAIL));
    }
}
