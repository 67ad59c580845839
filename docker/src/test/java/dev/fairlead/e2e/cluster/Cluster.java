package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.ApiDouble;
import dev.fairlead.e2e.FairleadProcess;
import dev.fairlead.e2e.FairleadSetup;
import dev.fairlead.model.IpFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The network, a Fairlead on each of its nodes, and the objects they follow. */
final class Cluster implements AutoCloseable {
    private static final String API = "127.0.0.1:6443";
    private static final String ADMIN = "127.0.0.1:10349";
    /** Of nodes: each is alone in its zone. */
    static final List<String> ZONES = List.of("zone-a", "zone-b");

    private final Mode mode;
    private final Network network;
    private final Path directory;
    private final ApiDouble api = new ApiDouble();
    private final List<FairleadSetup> setups = new ArrayList<>();
    private final List<FairleadProcess> proxies = new ArrayList<>();
    private final List<Tunnel> tunnels = new ArrayList<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private Objects objects;

    private Cluster(Mode mode, Network network, Path directory) {
        this.mode = mode;
        this.network = network;
        this.directory = directory;
        this.objects = new Objects.InApi(api);
    }

    /**
     * Builds it, and returns when both proxies are ready.
     *
     * @param prefix of the names of its namespaces
     * @param directory for its files
     */
    static Cluster open(Mode mode, String prefix, Path directory) throws IOException {
        Cluster cluster = new Cluster(mode, Network.open(prefix), directory);
        try {
            cluster.furnish();
            cluster.startProxies();
        } catch (IOException | RuntimeException | Error failed) {
            cluster.close();
            throw failed;
        }
        return cluster;
    }

    Mode mode() {
        return mode;
    }

    Network network() {
        return network;
    }

    /** What the Fairlead on a node reads. */
    Path input(int node) {
        return setups.get(node).input();
    }

    /** For files of those who live in it. */
    Path directory() {
        return directory;
    }

    /** One that nobody had before. */
    int nextNumber() {
        return numbers.getAndIncrement();
    }

    Objects objects() {
        return objects;
    }

    List<FairleadProcess> proxies() {
        return List.copyOf(proxies);
    }

    /** All proxies at once, as fast as they start. */
    void startProxies() throws IOException {
        for (FairleadSetup setup : setups) {
            proxies.add(FairleadProcess.start(setup));
        }
    }

    /** Kills them; what they were asked to serve stays as it is. */
    void stopProxies() throws IOException {
        for (FairleadProcess proxy : proxies) {
            proxy.close();
        }
        proxies.clear();
    }

    /** Cuts the nodes off from the API server. */
    void loseApi() throws IOException {
        for (Tunnel tunnel : tunnels) {
            tunnel.close();
        }
        tunnels.clear();
    }

    void findApi() throws IOException {
        URI url = URI.create(api.url());
        for (int node = 0; node < Network.NODES; node++) {
            tunnels.add(Tunnel.open(network.node(node).namespace(), API,
                    new InetSocketAddress(url.getHost(), url.getPort())));
        }
    }

    private void furnish() throws IOException {
        List<Path> inputs = new ArrayList<>();
        for (int node = 0; node < Network.NODES; node++) {
            Path input = Files.createDirectories(directory.resolve("node" + node));
            inputs.add(input);
            FairleadSetup setup = FairleadSetup.in(directory).withInput(input).withSettings(settings(node))
                    .at(network.node(node).namespace(), ADMIN);
            setups.add(setup);
            Files.writeString(input.resolve("fairlead.yaml"), setup.text());
        }
        if (mode == Mode.FILES) {
            objects = new Objects.InFiles(inputs);
        } else {
            findApi();
        }
        for (int node = 0; node < Network.NODES; node++) {
            objects.apply(new NodeObject(network, node, ZONES.get(node)));
        }
    }

    private String settings(int node) {
        return """
                nodeName: node%d
                clusterCIDR: "%s"
                serviceCIDRs: ["%s", "%s"]
                healthzBindAddress: off
                metricsBindAddress: off
                serviceAddresses: anyip
                """.formatted(node, Network.POD_BLOCKS, Network.SERVICE_BLOCK, Network.SERVICE_BLOCK_6)
                + (mode == Mode.API ? "kubernetes: {server: \"http://" + API + "\"}\n" : "");
    }

    @Override
    public void close() throws IOException {
        try (network; api) {
            try {
                stopProxies();
            } finally {
                loseApi();
            }
        }
    }

    /** A Node with its addresses. */
    record NodeObject(Network network, int number, String zone) implements KubeObject {
        @Override
        public String id() {
            return "node-" + number;
        }

        @Override
        public String yaml() {
            Host node = network.node(number);
            return """
                    apiVersion: v1
                    kind: Node
                    metadata: {name: node%d, labels: {topology.kubernetes.io/zone: %s}}
                    status:
                      addresses:
                        - {type: InternalIP, address: "%s"}
                        - {type: InternalIP, address: "%s"}
                        - {type: ExternalIP, address: "%s"}
                        - {type: ExternalIP, address: "%s"}
                    """.formatted(number, zone, node.ipv4(), node.ipv6(),
                    Network.externalIp(number, IpFamily.IPV4), Network.externalIp(number, IpFamily.IPV6));
        }
    }
}
