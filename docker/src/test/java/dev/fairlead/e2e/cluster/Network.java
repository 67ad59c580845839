package dev.fairlead.e2e.cluster;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The namespaces and the routes between them. Nodes and the client outside hang on one router, pods on their node: each
 * by a pair of interfaces, a host route at the one end and a default route at the other, so that nothing is bridged and
 * nothing is translated. Addresses are those of upstream's tests.
 */
final class Network implements AutoCloseable {
    static final int NODES = 2;
    /** Pods with endpoints on each node; one more has clients. */
    static final List<String> PODS = List.of("a", "b", "c");
    static final String POD_BLOCKS = "10.180.0.0/16,fd00:10:180::/48";
    static final String SERVICE_BLOCK = "172.30.0.0/16";
    static final String SERVICE_BLOCK_6 = "fd00:172:30::/112";
    /** Where external and load-balancer addresses come from: on no interface, and routed to the first node. */
    static final String EXTERNAL_BLOCK = "203.0.113.0/24";
    static final String EXTERNAL_BLOCK_6 = "2001:db8:113::/112";

    private final String prefix;
    private final NetworkNamespace router;
    private final Host outside;
    private final List<Host> nodes;
    private final Map<String, Host> pods = new LinkedHashMap<>();

    /** As it is planned: nothing of it is there. */
    Network(String prefix) {
        this.prefix = prefix;
        router = namespace("router");
        outside = new Host("outside", "", namespace("outside"), "198.51.100.9", "2001:db8:51::9");
        nodes = IntStream.range(0, NODES).mapToObj(i -> new Host("node" + i, "node" + i, namespace("node" + i),
                "192.168.0.1" + i, "fd00:192:168::1" + i)).toList();
        for (int node = 0; node < NODES; node++) {
            int last = 10;
            for (String letter : Stream.concat(PODS.stream(), Stream.of("client")).toList()) {
                String name = "node" + node + "-" + letter;
                pods.put(name, new Host(name, "node" + node, namespace(name), "10.180." + node + "." + last,
                        "fd00:10:180:" + node + "::" + last));
                last++;
            }
        }
    }

    /**
     * Makes it.
     *
     * @param prefix of the names of namespaces: nobody else's
     */
    static Network open(String prefix) throws IOException {
        Network network = new Network(prefix);
        try {
            NetworkNamespace.make(network.namespaces());
            network.connect();
        } catch (IOException | RuntimeException failed) {
            network.close();
            throw failed;
        }
        return network;
    }

    Host node(int number) {
        return nodes.get(number);
    }

    /** One of {@link #PODS}, or {@code client}. */
    Host pod(int node, String letter) {
        Host pod = pods.get("node" + node + "-" + letter);
        if (pod == null) {
            throw new IllegalArgumentException("no pod " + letter + " on node " + node);
        }
        return pod;
    }

    List<Host> pods() {
        return List.copyOf(pods.values());
    }

    /** Any host, by its name. */
    Host host(String name) {
        return Stream.of(nodes.stream(), pods.values().stream(), Stream.of(outside)).flatMap(hosts -> hosts)
                .filter(host -> host.name().equals(name)).findFirst().orElseThrow();
    }

    Host outside() {
        return outside;
    }

    /** The second address of a node, its ExternalIP. */
    static String externalIp(int node, IpFamily family) {
        return family == IpFamily.IPV4 ? "192.0.2.1" + node : "2001:db8:2::1" + node;
    }

    /** All addresses of a node in a family: its own, its ExternalIP, and that of its end of the links to its pods. */
    List<String> addresses(int node, IpFamily family) {
        String gateway = family == IpFamily.IPV4 ? gateway(node) : gateway6(node);
        return Stream.of(nodes.get(node).ip(family), externalIp(node, family), gateway)
                .map(ip -> IpText.format(IpText.parse(ip).orElseThrow())).toList();
    }

    private static String gateway(int node) {
        return "10.180." + node + ".1";
    }

    private static String gateway6(int node) {
        return "fd00:10:180:" + node + "::1";
    }

    private List<NetworkNamespace> namespaces() {
        return Stream.of(Stream.of(router, outside.namespace()), nodes.stream().map(Host::namespace),
                pods.values().stream().map(Host::namespace)).flatMap(all -> all).toList();
    }

    private NetworkNamespace namespace(String name) {
        return new NetworkNamespace(prefix + "-" + name);
    }

    private void connect() throws IOException {
        for (NetworkNamespace namespace : namespaces()) {
            // A kernel tells a peer of a closed UDP port once a second; here many cases at a time share their clients.
            namespace.set("ipv4/icmp_ratelimit", "0");
            namespace.set("ipv6/icmp/ratelimit", "0");
            // An address is usable at once, without a look for duplicates.
            namespace.set("ipv6/conf/default/accept_dad", "0");
            namespace.ip(List.of("link set lo up"));
        }
        for (NetworkNamespace hub : Stream.concat(Stream.of(router), nodes.stream().map(Host::namespace)).toList()) {
            hub.set("ipv4/ip_forward", "1");
            hub.set("ipv6/conf/all/forwarding", "1");
        }
        for (Host node : nodes) {
            List<String> behind = new ArrayList<>();
            String number = node.name().substring(node.name().length() - 1);
            link(router, node.name(), node, "192.168.0.1", "fd00:192:168::1", "");
            for (String block : List.of("10.180." + number + ".0/24", "192.0.2.1" + number)) {
                behind.add("route add " + block + " via " + node.ipv4() + " dev " + node.name() + " onlink");
            }
            for (String block : List.of("fd00:10:180:" + number + "::/64", "2001:db8:2::1" + number)) {
                behind.add("route add " + block + " via " + node.ipv6() + " dev " + node.name() + " onlink");
            }
            router.ip(behind);
            node.namespace().ip(List.of("address add " + externalIp(Integer.parseInt(number), IpFamily.IPV4)
                    + "/32 dev eth0",
                    "address add " + externalIp(Integer.parseInt(number), IpFamily.IPV6)
                            + "/128 dev eth0 nodad"));
        }
        link(router, "outside", outside, "198.51.100.1", "2001:db8:51::1", "");
        Host first = nodes.getFirst();
        router.ip(List.of("route add " + EXTERNAL_BLOCK + " via " + first.ipv4() + " dev node0 onlink",
                "route add " + EXTERNAL_BLOCK_6 + " via " + first.ipv6() + " dev node0 onlink"));
        for (Host pod : pods.values()) {
            Host node = nodes.get(Integer.parseInt(pod.node().substring("node".length())));
            int number = Integer.parseInt(pod.node().substring("node".length()));
            link(node.namespace(), pod.name(), pod, gateway(number), gateway6(number), node.name());
        }
    }

    /** Hangs a host on a hub. A node speaks to its pods by its own address, not by that of its end of the link. */
    private void link(NetworkNamespace hub, String device, Host leaf, String gateway, String gateway6, String node)
            throws IOException {
        String source = "";
        String source6 = "";
        if (!node.isEmpty()) {
            Host own = nodes.get(Integer.parseInt(node.substring("node".length())));
            source = " src " + own.ipv4();
            source6 = " src " + own.ipv6();
        }
        hub.ip(List.of("link add " + device + " type veth peer name eth0 netns " + leaf.namespace().name(),
                "link set " + device + " up",
                "address add " + gateway + "/32 dev " + device,
                "address add " + gateway6 + "/128 dev " + device + " nodad",
                "route add " + leaf.ipv4() + " dev " + device + source,
                "route add " + leaf.ipv6() + " dev " + device + source6));
        leaf.namespace().ip(List.of("link set eth0 up",
                "address add " + leaf.ipv4() + "/32 dev eth0",
                "address add " + leaf.ipv6() + "/128 dev eth0 nodad",
                "route add " + gateway + " dev eth0",
                "route add default via " + gateway + " dev eth0 src " + leaf.ipv4(),
                "route add " + gateway6 + " dev eth0",
                "route add default via " + gateway6 + " dev eth0 src " + leaf.ipv6()));
    }

    @Override
    public void close() throws IOException {
        NetworkNamespace.delete(namespaces());
    }
}
