package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One playing of a case: on one cluster, in one family, with addresses and ports that no other playing has. Its end
 * takes all away that it brought.
 */
final class Scene implements Closeable {
    /** Services, and ports of pods, that one playing may use; of node ports it is half of that. */
    private static final int EACH = 4;
    private static final int FIRST_POD_PORT = 10_000;
    private static final int FIRST_NODE_PORT = 30_000;
    private static final int FIRST_SOURCE_PORT = 20_000;

    private final Cluster cluster;
    private final IpFamily family;
    private final int number;
    private final Duration patience;
    private final List<Closeable> open = new ArrayList<>();
    private final Set<KubeObject> applied = new LinkedHashSet<>();
    private int services;

    /**
     * Sets it.
     *
     * @param patience how long a change may take until it is in force
     */
    Scene(Cluster cluster, IpFamily family, Duration patience) {
        this.cluster = cluster;
        this.family = family;
        this.number = cluster.nextNumber();
        this.patience = patience;
    }

    IpFamily family() {
        return family;
    }

    Duration patience() {
        return patience;
    }

    Cluster cluster() {
        return cluster;
    }

    Host node(int index) {
        return cluster.network().node(index);
    }

    /** The pod on a node that clients are in. */
    Host client(int index) {
        return cluster.network().pod(index, "client");
    }

    Host pod(int index, String letter) {
        return cluster.network().pod(index, letter);
    }

    Host outside() {
        return cluster.network().outside();
    }

    /** A client pod on each node, and each node itself. */
    List<Host> everywhere() {
        return List.of(client(0), client(1), node(0), node(1));
    }

    /** A node port of this playing. */
    int nodePort(int index) {
        return FIRST_NODE_PORT + number * EACH / 2 + index;
    }

    /** A source port of this playing; upstream has 12345. */
    int sourcePort() {
        return FIRST_SOURCE_PORT + number;
    }

    /** A node's own address with one of our node ports. */
    String at(int node, int nodePort) {
        return Addresses.at(node(node).ip(family), nodePort);
    }

    /** An address for a load balancer. */
    String externalIp() {
        return externalIp(0);
    }

    /** One of two addresses for load balancers and externalIPs. */
    String externalIp(int index) {
        int low = 1 + (number * 2 + index) % 240;
        return family == IpFamily.IPV4 ? "203.0.113." + low : "2001:db8:113::" + Integer.toHexString(low);
    }

    /** A Service with an address of its own and one port, {@code http}, 80 over TCP. */
    Service service() {
        int index = number * EACH + services++;
        return new Service("s" + number + "-" + services, family, clusterIp(family, index), "", "", "",
                List.of(port(0, "http", 80)), "", "");
    }

    /** One that has an address of the other family, too, as its first. */
    Service secondHalf() {
        int index = number * EACH + services;
        return service().after(clusterIp(family == IpFamily.IPV4 ? IpFamily.IPV6 : IpFamily.IPV4, index));
    }

    private static String clusterIp(IpFamily family, int index) {
        return family == IpFamily.IPV4
                ? "172.30." + (1 + index / 250) + "." + (1 + index % 250)
                : "fd00:172:30::" + Integer.toHexString(0x100 + index);
    }

    /** A Service's port over TCP, behind which is one of our ports of pods. */
    Service.Port port(int index, String name, int port) {
        return new Service.Port(name, port, Protocol.TCP, behind(index), 0);
    }

    private int behind(int index) {
        return FIRST_POD_PORT + number * EACH + index;
    }

    /** A server at the first of our ports. */
    Endpoint endpoint(Host host) throws IOException {
        return endpoint(host, 0);
    }

    Endpoint endpoint(Host host, int index) throws IOException {
        String name = host.name() + ":" + behind(index);
        PodServer server = PodServer.start(host, behind(index), name);
        open.add(server);
        return new Endpoint(name, host, behind(index), host.node(), server);
    }

    /** A real nginx at the first of our ports. */
    Endpoint nginx(Host host) throws IOException {
        String name = host.name() + ":" + behind(0);
        Nginx nginx = Nginx.start(cluster.directory(), host, behind(0), name);
        open.add(nginx);
        return new Endpoint(name, host, behind(0), host.node(), nginx);
    }

    /** One on each of the pods of both nodes. */
    List<Endpoint> endpoints() throws IOException {
        List<Endpoint> all = new ArrayList<>();
        for (int node = 0; node < Network.NODES; node++) {
            for (String letter : Network.PODS) {
                all.add(endpoint(pod(node, letter)));
            }
        }
        return all;
    }

    void apply(KubeObject... objects) throws IOException {
        for (KubeObject object : objects) {
            applied.removeIf(older -> older.id().equals(object.id()));
            applied.add(object);
            cluster.objects().apply(object);
        }
    }

    void delete(KubeObject... objects) throws IOException {
        for (KubeObject object : objects) {
            applied.removeIf(older -> older.id().equals(object.id()));
            cluster.objects().delete(object);
        }
    }

    /** What is met at an address over TCP. */
    Probe tcp(String address) {
        return new Probe(this, Protocol.TCP, address, everywhere());
    }

    /** What is met at an address over UDP. */
    Probe udp(String address) {
        return new Probe(this, Protocol.UDP, address, everywhere());
    }

    Probe over(Protocol protocol, String address) {
        return protocol == Protocol.UDP ? udp(address) : tcp(address);
    }

    /** A client that goes on sending from one port. */
    DatagramFlow flow(Host from, String address) throws IOException {
        DatagramFlow flow = DatagramFlow.start(new Client(from).socket(sourcePort()), address, patience);
        open.add(flow);
        return flow;
    }

    /** The addresses at which a node port is open: both addresses of both nodes. */
    List<String> everyNode(int nodePort) {
        return IntStream.range(0, Network.NODES).boxed()
                .flatMap(node -> Stream.of(at(node, nodePort),
                        Addresses.at(Network.externalIp(node, family), nodePort)))
                .toList();
    }

    @Override
    public void close() throws IOException {
        for (KubeObject object : List.copyOf(applied).reversed()) {
            cluster.objects().delete(object);
        }
        for (Closeable one : open.reversed()) {
            one.close();
        }
    }
}
