package dev.fairlead.app.iptables;

import dev.fairlead.app.iptables.Packet.Source;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServiceSnapshot;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One source of every kind that either side tells from others: pods of each block that the configuration or the rules
 * know, the node, and somebody outside. None of them is an endpoint, which would be masqueraded as itself.
 */
final class Sources {
    /** Documentation blocks first, then whatever a cluster will hardly use for itself. */
    private static final List<String> ELSEWHERE = List.of("198.51.100.0/24", "203.0.113.0/24", "192.0.2.0/24",
            "198.18.0.0/15", "100.64.0.0/10", "11.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8",
            "2001:db8::/32", "2001:2::/48", "fd00::/8", "2000::/3");

    private final ServiceSnapshot snapshot;
    private final IpFamily family;
    private final Set<Cidr> pods = new LinkedHashSet<>();
    private final Set<InetAddress> taken = new HashSet<>();
    private final boolean podInterfaces;

    Sources(ServiceSnapshot snapshot, KubeProxyView rules) {
        this.snapshot = snapshot;
        this.family = rules.family();
        this.podInterfaces = rules.podInterfaces();
        Stream.concat(snapshot.network().podCidrs().stream(), rules.podBlocks().stream())
                .filter(block -> block.family() == family).map(Blocks::network).forEach(pods::add);
        snapshot.ports().stream().flatMap(port -> port.endpoints().stream()).map(endpoint -> endpoint.address().ip())
                .forEach(taken::add);
        taken.addAll(snapshot.node().addresses());
    }

    /** One of every kind. */
    List<Source> all() {
        List<Source> all = new ArrayList<>();
        for (Cidr block : pods) {
            Blocks.pick(block, ip -> free(ip) && pods.stream()
                    .noneMatch(other -> !other.equals(block) && Blocks.inside(other, block) && other.contains(ip)))
                    .ifPresent(ip -> all.add(source(ip)));
        }
        snapshot.node().primary(family).ifPresent(ip -> all.add(source(ip)));
        Optional<InetAddress> elsewhere = elsewhere(List.of());
        elsewhere.ifPresent(ip -> all.add(source(ip)));
        if (podInterfaces) {
            elsewhere.ifPresent(ip -> all.add(new Source(ip, false, true, "pods")));
        }
        return all;
    }

    /** One of each block. */
    List<Source> of(List<Cidr> blocks) {
        return blocks.stream().flatMap(block -> Blocks.pick(block, this::free).stream()).map(this::source).toList();
    }

    /** Somebody outside, and outside these blocks too. */
    Optional<Source> outside(List<Cidr> blocks) {
        return elsewhere(blocks).map(this::source);
    }

    private Optional<InetAddress> elsewhere(List<Cidr> blocks) {
        return ELSEWHERE.stream().flatMap(text -> Cidr.parse(text).stream()).filter(block -> block.family() == family)
                .flatMap(block -> Blocks.pick(block, ip -> free(ip) && !Blocks.contain(pods, ip)
                        && !Blocks.contain(blocks, ip) && !Blocks.contain(snapshot.network().serviceCidrs(), ip))
                        .stream())
                .findFirst();
    }

    private boolean free(InetAddress ip) {
        return !taken.contains(ip);
    }

    private Source source(InetAddress ip) {
        boolean node = snapshot.node().addresses().contains(ip);
        boolean pod = Blocks.contain(pods, ip);
        String text = IpText.format(ip);
        String words = pod
                ? "pods (such as " + text + ")"
                : node ? "this node (" + text + ")" : "sources outside (such as " + text + ")";
        return new Source(ip, node, pod && podInterfaces, words);
    }
}
