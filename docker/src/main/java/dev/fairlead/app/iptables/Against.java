package dev.fairlead.app.iptables;

import dev.fairlead.app.iptables.KubeProxyView.Claim;
import dev.fairlead.app.iptables.PortComparison.Sides;
import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.FlowVerdicts;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SkippedService;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Fairlead would do differently from a node's rules. Only what a client or an endpoint could notice counts: the
 * order of rules about different services does not, nor do comments, chains of other components and the rule that lets
 * health checks in. Leftover chains are told as such.
 */
public final class Against {
    /**
     * What came of it.
     *
     * @param notes what a reader should know about it
     * @param families those that were compared
     * @param compared service ports
     */
    public record Comparison(List<Difference> differences, List<String> notes, Set<IpFamily> families, int compared) {
        public Comparison {
            differences = List.copyOf(differences);
            notes = List.copyOf(notes);
            families = Set.copyOf(families);
        }
    }

    private record Address(Protocol protocol, Optional<InetAddress> ip, int port) {
    }

    private final ServiceSnapshot snapshot;
    private final KubeProxyView rules;
    private final List<ServicePort> ports;
    private final Findings findings = new Findings();

    private Against(ServiceSnapshot snapshot, KubeProxyView rules) {
        this.snapshot = snapshot;
        this.rules = rules;
        this.ports = snapshot.ports().stream().filter(port -> port.name().family() == rules.family()).toList();
    }

    /** Compares what the rules have of either family with what Fairlead would do. */
    public static Comparison compare(ServiceSnapshot snapshot, SavedRules saved) {
        List<Difference> differences = new ArrayList<>();
        for (SavedRules.Damage damage : saved.damage()) {
            differences.add(new Difference("line " + damage.line(), List.of(),
                    "cannot be read: " + damage.why() + ": " + damage.text(), "Fairlead cannot tell what it does"));
        }
        List<String> notes = new ArrayList<>();
        Set<IpFamily> families = new TreeSet<>();
        int compared = 0;
        for (SavedRules.Document document : saved.documents()) {
            KubeProxyView rules = new KubeProxyView(document);
            if (!rules.present()) {
                continue; // Nothing of kube-proxy's; a table of others may stand alone.
            }
            Against against = new Against(snapshot, rules);
            differences.addAll(against.differences());
            families.add(document.family());
            compared += against.ports.size();
        }
        if (families.isEmpty()) {
            differences.add(new Difference("rules", List.of(),
                    "there is no chain " + KubeChain.SERVICES + " in table nat",
                    "Fairlead compares with kube-proxy's iptables mode only"));
        }
        for (IpFamily family : IpFamily.values()) {
            long left = snapshot.ports().stream().filter(port -> port.name().family() == family).count();
            if (!families.contains(family) && left > 0) {
                notes.add("no " + family + " rules are given, so " + left + " " + family
                        + " service ports are not compared (see " + saver(family) + ")");
            }
        }
        if (snapshot.node().name().isEmpty()) {
            notes.add("no node is named, so no endpoint counts as local (see --node)");
        }
        return new Comparison(differences, notes, families, compared);
    }

    private static String saver(IpFamily family) {
        return switch (family) {
            case IPV4 -> "iptables-save";
            case IPV6 -> "ip6tables-save";
        };
    }

    private List<Difference> differences() {
        rules.broken().forEach(what -> findings.add("rules", what, "Fairlead does without"));
        boolean nodePorts = nodePortAddresses();
        Sources sources = new Sources(snapshot, rules);
        Sides sides = new Sides(snapshot, new FlowVerdicts(snapshot), rules, sources, sources.all(), findings);
        for (ServicePort port : ports) {
            new PortComparison(sides, port).compare(Doors.of(port, nodePorts));
        }
        strangers();
        leftovers();
        return findings.all();
    }

    /** Chains that nothing leads to. Where something should, that is told already, and better. */
    private void leftovers() {
        List<KubeProxyView.Leftover> leftovers = rules.leftovers();
        if (leftovers.isEmpty()) {
            return;
        }
        Map<String, String> wanted = wantedChains();
        for (KubeProxyView.Leftover leftover : leftovers) {
            String about = wanted.getOrDefault(leftover.chain(), "");
            if (findings.knows(about)) {
                continue;
            }
            String to = leftover.to().map(address -> "; it would send to " + address).orElse("");
            String below = leftover.below() == 0 ? "" : ", nor to what is behind it";
            findings.add("leftover chain " + leftover.chain(), "nothing leads to it" + below + to,
                    "Fairlead leaves none behind, and no connection is affected");
        }
    }

    /** The service port that a chain is about, for those that it may have by now. */
    private Map<String, String> wantedChains() {
        Map<String, String> wanted = new HashMap<>();
        for (ServicePort port : ports) {
            ServicePortName name = port.name();
            String about = name + " " + name.protocol();
            for (ServiceChain chain : List.of(ServiceChain.CLUSTER, ServiceChain.LOCAL, ServiceChain.EXTERNAL,
                    ServiceChain.FIREWALL)) {
                wanted.put(chain.of(name), about);
            }
            EndpointSelection.select(port, snapshot.node()).uses().stream()
                    .filter(use -> use.inCluster() || use.inLocal())
                    .forEach(use -> wanted.put(ServiceChain.endpoint(name, use.endpoint().address()), about));
        }
        return wanted;
    }

    /** Whether NodePorts have addresses on this side; the addresses of both are compared as a whole. */
    private boolean nodePortAddresses() {
        Set<InetAddress> ours = ports.stream().flatMap(port -> port.frontends().stream())
                .filter(frontend -> frontend.kind() == FrontendKind.NODE_PORT).map(frontend -> frontend.address().ip())
                .collect(Collectors.toSet());
        if (ports.stream().allMatch(port -> port.addresses().nodePort() == 0)) {
            return false;
        }
        List<Rule> hooks = rules.nodePortHooks();
        if (ours.isEmpty()) {
            if (!hooks.isEmpty()) {
                findings.add("NodePorts", KubeChain.SERVICES + " leads to " + KubeChain.NODE_PORTS,
                        "Fairlead would serve none, since it knows no address of this node for them"
                                + " (see --node and nodeAddresses)");
            }
            return false;
        }
        String missed = ours.stream().sorted(Against::inOrder).filter(ip -> {
            Packet packet = new Packet(Protocol.TCP, new Packet.Source(ip, true, false, ""), ip, true, 0);
            return hooks.stream().noneMatch(rule -> packet.fits(rule, new HashSet<>()));
        }).map(IpText::format).collect(Collectors.joining(", "));
        if (!missed.isEmpty()) {
            findings.add("NodePorts", KubeChain.SERVICES + " does not lead " + missed + " to "
                    + KubeChain.NODE_PORTS, "Fairlead would serve them there");
        }
        hooks.stream().flatMap(rule -> rule.matches(Match.Destination.class))
                .filter(to -> !to.negated() && ours.stream().noneMatch(to.block()::contains))
                .forEach(to -> findings.add("NodePorts", KubeChain.SERVICES + " leads " + to.block() + " to "
                        + KubeChain.NODE_PORTS, "Fairlead would not serve them there"));
        return true;
    }

    private static int inOrder(InetAddress a, InetAddress b) {
        return new IpPort(a, 0).compareTo(new IpPort(b, 0));
    }

    /** Rules for what no service port asks for. */
    private void strangers() {
        Set<Address> known = new HashSet<>();
        for (ServicePort port : ports) {
            Protocol protocol = port.name().protocol();
            Stream.of(List.of(port.addresses().clusterIp()), port.addresses().externalIps(),
                    port.addresses().loadBalancerVips()).flatMap(List::stream)
                    .forEach(ip -> known.add(new Address(protocol, Optional.of(ip), port.addresses().port())));
            known.add(new Address(protocol, Optional.empty(), port.addresses().nodePort()));
        }
        for (Claim claim : rules.claims()) {
            // Of many rules about one address the first decides.
            if (!known.add(new Address(claim.protocol(), claim.ip(), claim.port()))) {
                continue;
            }
            String service = claim.service().isEmpty() ? "a service without a name" : claim.service();
            String frontend = claim.ip().map(ip -> claim.kind() + new IpPort(ip, claim.port()))
                    .orElse("NodePort " + claim.port());
            String does = claim.rule().next().map(chain -> " leads to " + chain)
                    .orElse(claim.rule().action() instanceof Action.Reject ? " refuses" : " drops");
            findings.add(service + " " + claim.protocol(), frontend, "", claim.rule().chain() + does,
                    "Fairlead would not serve it, since " + reason(claim));
        }
    }

    private String reason(Claim claim) {
        String service = claim.service().replaceFirst(":.*", "");
        Optional<SkippedService> skipped = snapshot.skipped().stream()
                .filter(s -> s.service().toString().equals(service)).findFirst();
        if (skipped.isPresent()) {
            return skipped.get().why();
        }
        boolean known = ports.stream().map(ServicePort::name).map(ServicePortName::service)
                .anyMatch(name -> name.toString().equals(service));
        return known ? "the Service does not ask for that" : "there is no such Service";
    }
}
