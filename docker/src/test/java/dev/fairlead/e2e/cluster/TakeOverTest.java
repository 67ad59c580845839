package dev.fairlead.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.e2e.FairleadProcess;
import dev.fairlead.e2e.Opened;
import dev.fairlead.e2e.FairleadSetup;
import dev.fairlead.e2e.Requires;
import dev.fairlead.e2e.cluster.SteadyTraffic.Way;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node changes from kube-proxy's rules to Fairlead and back, while clients of every kind go on. */
@Timeout(120)
class TakeOverTest {
    private static final String PREFIX = "fairlead-takeover-";
    private static final String ADMIN = "127.0.0.1:10349";
    private static final int HTTP = 8080;
    private static final int TALK = 7000;
    private static final int DATAGRAMS = 5300;

    /** For all modes: printing them takes a while. */
    private static final Map<IpFamily, Path> IPTABLES = new EnumMap<>(IpFamily.class);

    @TempDir
    static Path directory;

    private final Opened open = new Opened();
    private final List<Service> services = new ArrayList<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private Network network;
    private FairleadSetup setup;

    @BeforeEach
    void build() throws IOException {
        Requires.namespaces();
        NetworkNamespace.deleteLeftovers(Pattern.compile(PREFIX + "(\\d+)-.*"));
        network = open.keep(Network.open(PREFIX + ProcessHandle.current().pid()));
        for (int node = 0; node < Network.NODES; node++) {
            Host pod = network.pod(node, "a");
            endpoints.add(new Endpoint(pod.name(), pod, HTTP, pod.node(),
                    open.keep(Nginx.start(directory, pod, HTTP, pod.name()))));
            open.keep(TalkingPod.start(pod, TALK, pod.name()));
            open.keep(PodServer.start(pod, DATAGRAMS, pod.name()));
        }
        for (IpFamily family : IpFamily.values()) {
            String word = family.toString().toLowerCase(Locale.ROOT);
            int nodePorts = 30_000 + 10 * family.ordinal();
            services.add(new Service(word, family, family == IpFamily.IPV4 ? "172.30.1.1" : "fd00:172:30::101", "", "",
                    "", List.of(new Service.Port("http", 80, Protocol.TCP, HTTP, nodePorts),
                            new Service.Port("talk", 7, Protocol.TCP, TALK, nodePorts + 1),
                            new Service.Port("datagrams", 53, Protocol.UDP, DATAGRAMS, nodePorts + 2)),
                    "type: NodePort\n", ""));
        }
        Host node = network.node(0);
        setup = FairleadSetup.in(directory).at(node.namespace(), ADMIN)
                .withEnvironment("FAIRLEAD_TAKE_OVER=true").withSettings("""
                        nodeName: node0
                        clusterCIDR: "%s"
                        serviceCIDRs: ["%s", "%s"]
                        healthzBindAddress: off
                        metricsBindAddress: off
                        serviceAddresses: anyip
                        oneDoor: "on"
                        drain: {grace: 1s, deadline: 30s}
                        """.formatted(Network.POD_BLOCKS, Network.SERVICE_BLOCK, Network.SERVICE_BLOCK_6));
        Files.writeString(setup.input(), setup.text(Stream.concat(
                Stream.of(new Cluster.NodeObject(network, 0, "zone-a")), services.stream().flatMap(service -> Stream
                        .of(service, Slice.of(service).ready(endpoints.toArray(Endpoint[]::new)))))
                .map(object -> object.yaml() + "---\n").toArray(String[]::new)));
    }

    @AfterEach
    void takeDown() throws Exception {
        open.closeAll();
    }

    /** From a pod and the node to the ClusterIP, from outside and the node to the node port, in both families. */
    private List<Way> ways() {
        Host node = network.node(0);
        return services.stream().flatMap(service -> {
            String http = Addresses.at(node.ip(service.family()), service.ports().get(0).nodePort());
            String talk = Addresses.at(node.ip(service.family()), service.ports().get(1).nodePort());
            String talkAtIp = service.address(service.ports().get(1));
            return Stream.of(new Way(network.pod(0, "client"), service.address(), talkAtIp),
                    new Way(node, service.address(), talkAtIp), new Way(network.outside(), http, talk),
                    new Way(node, http, talk));
        }).toList();
    }

    private void printIptables() throws IOException, InterruptedException {
        if (!IPTABLES.isEmpty()) {
            return;
        }
        List<Process> printers = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            Path file = directory.resolve("rules-" + family);
            IPTABLES.put(family, file);
            printers.add(new ProcessBuilder(FairleadProcess.command("explain", "-f", setup.input().toString(), "-o",
                    "iptables", "--family", family.toString().toLowerCase(Locale.ROOT)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT).redirectOutput(file.toFile()).start());
        }
        for (Process printer : printers) {
            assertThat(printer.waitFor()).isZero();
        }
    }

    private static void saying(FairleadSetup of, String words) {
        sayingLike(of, Pattern.quote(words));
    }

    private static void sayingLike(FairleadSetup of, String pattern) {
        await(pattern).atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(of.output()).content().containsPattern(pattern));
    }

    /** How many connections it has relayed that have ended. */
    private long relayed() throws IOException {
        try (Stream<String> lines = Files.lines(setup.accessLog())) {
            return lines.count();
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientsNoticeNeitherTheTakeOverNorTheWayBack(KubeMode mode) throws Exception {
        printIptables();
        Path nftables = Files.writeString(directory.resolve("rules.nft"), NftablesText.of(services, endpoints));
        Host node = network.node(0);
        mode.write(node, IPTABLES, nftables);
        Path kubeProxy = Files.copy(Requires.command("sleep"),
                Files.createTempDirectory(directory, "bin").resolve("kube-proxy"));
        Process running = node.namespace().call(() -> new ProcessBuilder(kubeProxy.toString(), "300").start());
        open.keep(running::destroyForcibly);
        SteadyTraffic traffic = open.keep(SteadyTraffic.by(ways()));
        List<LongTalk> kubes = traffic.talk(1000);
        Service ipv4 = services.getFirst();
        DatagramFlow datagrams = open.keep(DatagramFlow.start(new Client(network.pod(0, "client")).socket(0),
                ipv4.address(ipv4.ports().get(2)), Duration.ofSeconds(20)));
        String pod = datagrams.goesOn();

        FairleadProcess fairlead = open.keep(FairleadProcess.start(setup));
        saying(setup, "take-over  waits: kube-proxy still runs (process " + running.pid() + ")");
        traffic.goesOn(kubes);
        assertThat(relayed()).as("connections that Fairlead saw while the rules stood").isZero();

        running.destroy();
        saying(setup, "take-over  done in ");
        List<LongTalk> ours = traffic.talk(2000);
        traffic.goesOn(kubes);
        assertThat(datagrams.goesOn()).as("pod of a UDP flow from before").isEqualTo(pod);
        assertThat(relayed()).as("connections through Fairlead").isPositive();
        System.out.println(mode + ", there: " + traffic.counts());

        mode.write(node, IPTABLES, nftables);
        // It looks at one family after the other, perhaps just between the two writes.
        sayingLike(setup,
                "take-over  kube-proxy's rules are back \\(" + mode.toString().replace("iptables", "ip6?tables"));
        List<LongTalk> again = traffic.talk(3000);
        long before = relayed();
        traffic.goesOn(Stream.of(kubes, ours, again).flatMap(List::stream).toList());
        assertThat(relayed()).as("connections through Fairlead once the rules are back").isEqualTo(before);
        fairlead.terminate();
        saying(setup, "stopping   on SIGTERM");
        traffic.goesOn(ours);
        for (LongTalk talk : ours) {
            talk.finish();
        }
        assertThat(fairlead.exitCode(Duration.ofSeconds(20))).isZero();
        traffic.goesOn(Stream.of(kubes, again).flatMap(List::stream).toList());
        traffic.finish();
        System.out.println(mode + ", there and back: " + traffic.counts());

        assertThat(fairlead.said()).contains("0 connections reset");
        assertThat(traffic.failures()).isEmpty();
        assertThat(traffic.cut()).isEmpty();
        assertThat(node.namespace().run("ip", "route", "show", "table", "local", "proto", "70")).isBlank();
    }
}
