package dev.fairlead.app.iptables;

import static dev.fairlead.app.iptables.TableText.comment;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.FrontendVerdicts;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TrafficPolicy;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The rules and chains of one service port, as iptables/proxier.go's syncProxyRules writes them. */
final class ServiceRules {
    private static final String MASQUERADE = "-j " + KubeChain.MARK_MASQ;
    private static final String FROM_NODE = "-m addrtype --src-type LOCAL";

    private final ServicePort port;
    private final ServicePortName name;
    private final Doors doors;
    private final UsableEndpoints usable;
    private final List<Cidr> admitted;
    private final boolean masqueradeAll;
    private final Optional<Cidr> pods;
    private final boolean endpointComments;
    private final String dialled;

    /**
     * @param doors where it is served
     * @param endpointComments whether the rules about single endpoints say so
     */
    ServiceRules(ServiceSnapshot snapshot, ServicePort port, Doors doors, boolean endpointComments) {
        this.port = port;
        this.name = port.name();
        this.doors = doors;
        this.usable = EndpointSelection.select(port, snapshot.node());
        this.admitted = FrontendVerdicts.admitted(port, snapshot.node(), FrontendKind.LOAD_BALANCER);
        ClusterNetwork network = snapshot.network();
        this.masqueradeAll = network.masqueradeAll();
        // kube-proxy knows one block of pods in each family.
        this.pods = network.podCidrs().stream().filter(block -> block.family() == name.family()).findFirst();
        this.endpointComments = endpointComments;
        this.dialled = "--dport " + port.addresses().port();
    }

    void writeTo(TableText filter, TableText nat) {
        if (usable.hasAny()) {
            dispatch(nat);
            firewallDrops(filter);
        }
        refusals(filter);
        healthCheck(filter);
        if (!usable.hasAny()) {
            return;
        }
        internalMasquerade(nat);
        if (doors.external()) {
            externalChain(nat);
        }
        if (firewalled()) {
            firewallChain(nat);
        }
        List<Endpoint> cluster = usesCluster() ? usable.cluster().orElse(List.of()) : List.of();
        List<Endpoint> local = usesLocal() ? usable.local().orElse(List.of()) : List.of();
        spread(nat, ServiceChain.CLUSTER, cluster);
        spread(nat, ServiceChain.LOCAL, local);
        inOrder(Stream.concat(cluster.stream(), local.stream())).distinct().forEach(to -> endpoint(nat, to));
    }

    private boolean usesCluster() {
        return port.internalPolicy() == TrafficPolicy.CLUSTER || doors.external();
    }

    private boolean usesLocal() {
        return port.internalPolicy() == TrafficPolicy.LOCAL
                || (doors.external() && port.externalPolicy() == TrafficPolicy.LOCAL);
    }

    private boolean firewalled() {
        return usable.hasAny() && !doors.vips().isEmpty() && !port.sourceRanges().isEmpty();
    }

    private boolean serves(TrafficPolicy policy) {
        return usable.hasAny() && (policy == TrafficPolicy.CLUSTER || !usable.local().orElse(List.of()).isEmpty());
    }

    private static ServiceChain chainOf(TrafficPolicy policy) {
        return switch (policy) {
            case CLUSTER -> ServiceChain.CLUSTER;
            case LOCAL -> ServiceChain.LOCAL;
        };
    }

    private String jump(ServiceChain chain) {
        return "-j " + chain.of(name);
    }

    private String protocol() {
        String word = ServiceChain.protocol(name);
        return "-m " + word + " -p " + word;
    }

    private static String to(InetAddress ip) {
        return "-d " + IpText.format(ip);
    }

    /** Which chain the addresses lead to. */
    private void dispatch(TableText nat) {
        if (serves(port.internalPolicy())) {
            doors.clusterIp().ifPresent(ip -> nat.rule(KubeChain.SERVICES, comment(name + " cluster IP"), protocol(),
                    to(ip), dialled, jump(chainOf(port.internalPolicy()))));
        }
        for (InetAddress ip : doors.externalIps()) {
            nat.rule(KubeChain.SERVICES, comment(name + " external IP"), protocol(), to(ip), dialled,
                    jump(ServiceChain.EXTERNAL));
        }
        for (InetAddress ip : doors.vips()) {
            nat.rule(KubeChain.SERVICES, comment(name + " loadbalancer IP"), protocol(), to(ip), dialled,
                    jump(firewalled() ? ServiceChain.FIREWALL : ServiceChain.EXTERNAL));
        }
        if (doors.nodePort() != 0) {
            nat.rule(KubeChain.NODE_PORTS, comment(name.toString()), protocol(), "--dport " + doors.nodePort(),
                    jump(ServiceChain.EXTERNAL));
        }
    }

    /** What a firewall chain did not pass on still has the load balancer's address. */
    private void firewallDrops(TableText filter) {
        if (!firewalled()) {
            return;
        }
        String words = comment(name + " traffic not accepted by " + ServiceChain.FIREWALL.of(name));
        for (InetAddress ip : doors.vips()) {
            filter.rule(KubeChain.PROXY_FIREWALL, words, protocol(), to(ip), dialled, "-j DROP");
        }
    }

    /** REJECT where the service port has no endpoint anywhere, DROP where policy Local leaves it with none. */
    private void refusals(TableText filter) {
        String words = comment(name + (usable.hasAny() ? " has no local endpoints" : " has no endpoints"));
        String verdict = usable.hasAny() ? "-j DROP" : "-j REJECT";
        if (!serves(port.internalPolicy())) {
            doors.clusterIp()
                    .ifPresent(ip -> filter.rule(KubeChain.SERVICES, words, protocol(), to(ip), dialled, verdict));
        }
        if (serves(port.externalPolicy())) {
            return;
        }
        for (InetAddress ip : Stream.concat(doors.externalIps().stream(), doors.vips().stream()).toList()) {
            filter.rule(KubeChain.EXTERNAL_SERVICES, words, protocol(), to(ip), dialled, verdict);
        }
        if (doors.nodePort() != 0) {
            filter.rule(KubeChain.EXTERNAL_SERVICES, words, "-m addrtype --dst-type LOCAL", protocol(),
                    "--dport " + doors.nodePort(), verdict);
        }
    }

    private void healthCheck(TableText filter) {
        if (port.healthCheckNodePort() != 0) {
            filter.rule(KubeChain.NODE_PORTS, comment(name + " health check node port"), "-m tcp -p tcp",
                    "--dport " + port.healthCheckNodePort(), "-j ACCEPT");
        }
    }

    /** Only pods are known to get the answers back themselves. */
    private void internalMasquerade(TableText nat) {
        if (doors.clusterIp().isEmpty() || !serves(port.internalPolicy()) || (!masqueradeAll && pods.isEmpty())) {
            return;
        }
        nat.rule(chainOf(port.internalPolicy()).of(name), comment(name + " cluster IP"), protocol(),
                to(doors.clusterIp().get()), dialled, masqueradeAll ? "" : "! -s " + Blocks.network(pods.orElseThrow()),
                MASQUERADE);
    }

    private void externalChain(TableText nat) {
        String chain = ServiceChain.EXTERNAL.of(name);
        nat.chain(chain);
        switch (port.externalPolicy()) {
            case CLUSTER -> nat.rule(chain, comment("masquerade traffic for " + name + " external destinations"),
                    MASQUERADE);
            case LOCAL -> {
                pods.ifPresent(block -> nat.rule(chain, comment("pod traffic for " + name + " external destinations"),
                        "-s " + Blocks.network(block), jump(ServiceChain.CLUSTER)));
                nat.rule(chain, comment("masquerade LOCAL traffic for " + name + " external destinations"), FROM_NODE,
                        MASQUERADE);
                nat.rule(chain, comment("route LOCAL traffic for " + name + " external destinations"), FROM_NODE,
                        jump(ServiceChain.CLUSTER));
            }
        }
        if (serves(port.externalPolicy())) {
            nat.rule(chain, jump(chainOf(port.externalPolicy())));
        }
    }

    private void firewallChain(TableText nat) {
        String chain = ServiceChain.FIREWALL.of(name);
        nat.chain(chain);
        for (Cidr range : admitted) {
            nat.rule(chain, comment(name + " loadbalancer IP"), "-s " + Blocks.network(range),
                    jump(ServiceChain.EXTERNAL));
        }
        nat.rule(chain, comment("other traffic to " + name + " will be dropped by " + KubeChain.PROXY_FIREWALL));
    }

    private static Stream<Endpoint> inOrder(Stream<Endpoint> endpoints) {
        // kube-proxy sorts them as text.
        return endpoints.sorted(Comparator.comparing(endpoint -> endpoint.address().toString()));
    }

    /** Who was here before goes where it went, others anywhere with equal chances. */
    private void spread(TableText nat, ServiceChain kind, List<Endpoint> endpoints) {
        if (endpoints.isEmpty()) {
            return;
        }
        String chain = kind.of(name);
        nat.chain(chain);
        List<IpPort> sorted = inOrder(endpoints.stream()).map(Endpoint::address).toList();
        if (port.affinity() instanceof SessionAffinity.ClientIp(var timeout)) {
            for (IpPort address : sorted) {
                String next = ServiceChain.endpoint(name, address);
                nat.rule(chain, endpointComment(name + " -> " + address),
                        "-m recent --name " + next + " --rcheck --seconds " + timeout.toSeconds() + " --reap",
                        "-j " + next);
            }
        }
        for (int i = 0; i < sorted.size(); i++) {
            int left = sorted.size() - i;
            nat.rule(chain, endpointComment(name + " -> " + sorted.get(i)),
                    left == 1 ? "" : "-m statistic --mode random --probability " + probability(left),
                    "-j " + ServiceChain.endpoint(name, sorted.get(i)));
        }
    }

    private static String probability(int left) {
        return String.format(Locale.ROOT, "%.10f", 1.0 / left);
    }

    private void endpoint(TableText nat, Endpoint endpoint) {
        IpPort address = endpoint.address();
        String chain = ServiceChain.endpoint(name, address);
        nat.chain(chain);
        String words = endpointComment(name.toString());
        // An endpoint that calls its own service must not see its own address, or it would answer itself directly.
        nat.rule(chain, words, "-s " + IpText.format(address.ip()), MASQUERADE);
        String remember = switch (port.affinity()) {
            case SessionAffinity.None() -> "";
            case SessionAffinity.ClientIp _ -> "-m recent --name " + chain + " --set";
        };
        nat.rule(chain, words, remember, protocol(), "-j DNAT --to-destination " + address);
    }

    private String endpointComment(String words) {
        return endpointComments ? comment(words) : "";
    }
}
