package dev.fairlead.app.iptables;

import dev.fairlead.app.iptables.SavedRules.Document;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What kube-proxy does on a node, made from its rules alone: for any packet to a frontend the endpoints with their
 * shares, the refusals, the masquerading and the memory of clients; and what else the rules hold.
 */
final class KubeProxyView {
    /** Where untranslated packets come by, in this order (iptables/proxier.go, iptablesJumpChains). */
    private static final List<String> FILTERS = List.of(KubeChain.PROXY_FIREWALL, KubeChain.SERVICES,
            KubeChain.EXTERNAL_SERVICES);

    private final Document rules;

    KubeProxyView(Document rules) {
        this.rules = rules;
    }

    /**
     * The sources that a chain admits to a load balancer's address.
     *
     * @param ranges as the rules say; empty = nobody
     */
    record Firewall(String chain, List<Cidr> ranges) {
    }

    /**
     * A rule that takes packets for a service.
     *
     * @param service as the rule's comment says, {@code ns/name:port}; {@code ""} where it says nothing
     * @param kind the comment's words for the frontend in the API's, {@code ""} where it says none
     * @param ip absent = a NodePort
     */
    record Claim(String service, String kind, Protocol protocol, Optional<InetAddress> ip, int port, Rule rule) {
    }

    /**
     * A chain that nothing leads to.
     *
     * @param to where it would send, if it sends anywhere by itself
     * @param below chains that only it leads to
     */
    record Leftover(String chain, Optional<IpPort> to, int below) {
    }

    IpFamily family() {
        return rules.family();
    }

    /** Whether kube-proxy's iptables mode was here at all. */
    boolean present() {
        return rules.nat().containsKey(KubeChain.SERVICES);
    }

    /** What becomes of a packet to an address of a service. */
    Outcome toAddress(Packet packet) {
        return route(packet, KubeChain.SERVICES);
    }

    /** What becomes of a packet to a NodePort, once it has come as far as the chain of those. */
    Outcome toNodePort(Packet packet) {
        return route(packet, KubeChain.NODE_PORTS);
    }

    private Outcome route(Packet packet, String entry) {
        Outcome nat = Walk.through(rules.nat(), packet, List.of(entry));
        if (nat.untouched() <= Outcome.NOTHING) {
            return nat;
        }
        Outcome rest = Walk.through(rules.filter(), packet, FILTERS);
        Set<String> unclear = new TreeSet<>(nat.unclear());
        unclear.addAll(rest.unclear());
        double share = nat.untouched();
        return new Outcome(nat.sent(), nat.refused() + share * rest.refused(), nat.dropped() + share * rest.dropped(),
                share * rest.untouched(), nat.decider().isEmpty() ? rest.decider() : nat.decider(), nat.affinity(),
                unclear);
    }

    /** The service port's chain that a packet is led to first; empty = no rule of table nat is about it. */
    Optional<String> entry(Packet packet, String from) {
        return chain(rules.nat(), from).flatMap(chain -> chain.about(packet).stream()
                .filter(rule -> packet.fits(rule, new HashSet<>())).flatMap(rule -> rule.next().stream())
                .filter(ServiceChain::isOne).findFirst());
    }

    /** Who is admitted to a load balancer's address; empty = everybody. */
    Optional<Firewall> firewall(Packet packet) {
        Optional<String> name = entry(packet, KubeChain.SERVICES).filter(ServiceChain.FIREWALL::named);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        List<Cidr> ranges = new ArrayList<>();
        for (Rule rule : rulesOf(rules.nat(), name.get())) {
            if (rule.next().isEmpty() || rule.next().equals(Optional.of(KubeChain.MARK_MASQ))
                    || rule.next().equals(Optional.of(KubeChain.MARK_DROP))) {
                continue;
            }
            List<Cidr> sources = rule.matches(Match.Source.class).filter(source -> !source.negated())
                    .map(Match.Source::block).toList();
            if (sources.isEmpty()) {
                return Optional.empty();
            }
            ranges.addAll(sources);
        }
        return Optional.of(new Firewall(name.get(), ranges));
    }

    /** Whether a packet is masqueraded by one chain on its own. */
    boolean hides(String chain, Packet packet) {
        return Walk.through(rules.nat(), packet, List.of(chain)).sent().stream()
                .allMatch(sent -> sent.hidden() > sent.share() - Outcome.NOTHING);
    }

    /** The blocks whose addresses the rules take for pods'. */
    Set<Cidr> podBlocks() {
        Set<Cidr> blocks = new LinkedHashSet<>();
        policyRules().flatMap(rule -> rule.matches(Match.Source.class)).map(Match.Source::block)
                .filter(block -> block.prefix() < block.family().bits()).forEach(blocks::add);
        return blocks;
    }

    /** Whether the rules tell pods by where they are attached. */
    boolean podInterfaces() {
        return policyRules().anyMatch(rule -> rule.matches(Match.Interface.class).findAny().isPresent());
    }

    private Stream<Rule> policyRules() {
        return rules.nat().values().stream()
                .filter(chain -> Stream.of(ServiceChain.EXTERNAL, ServiceChain.CLUSTER, ServiceChain.LOCAL)
                        .anyMatch(kind -> kind.named(chain.name())))
                .flatMap(chain -> chain.rules().stream());
    }

    /** The rules that lead to the NodePorts. */
    List<Rule> nodePortHooks() {
        return rulesOf(rules.nat(), KubeChain.SERVICES).stream()
                .filter(rule -> rule.next().equals(Optional.of(KubeChain.NODE_PORTS))).toList();
    }

    /** Every rule that takes packets for a service, those of table nat first. */
    List<Claim> claims() {
        Stream<Rule> sending = Stream.of(KubeChain.SERVICES, KubeChain.NODE_PORTS)
                .flatMap(chain -> rulesOf(rules.nat(), chain).stream())
                .filter(rule -> rule.next().filter(ServiceChain::isOne).isPresent());
        Stream<Rule> refusing = FILTERS.stream().flatMap(chain -> rulesOf(rules.filter(), chain).stream())
                .filter(rule -> rule.action() instanceof Action.Reject || rule.action() instanceof Action.Drop);
        return Stream.concat(sending, refusing).flatMap(rule -> claim(rule).stream()).toList();
    }

    private static Optional<Claim> claim(Rule rule) {
        Optional<Protocol> protocol = rule.matches(Match.OfProtocol.class).map(Match.OfProtocol::protocol).findFirst();
        Optional<Integer> port = rule.matches(Match.DestinationPort.class).map(Match.DestinationPort::from)
                .findFirst();
        Optional<InetAddress> ip = rule.matches(Match.Destination.class)
                .filter(to -> to.block().prefix() == to.block().family().bits()).map(to -> to.block().base())
                .findFirst();
        if (protocol.isEmpty() || port.isEmpty()) {
            return Optional.empty();
        }
        int space = rule.comment().indexOf(' ');
        String service = space < 0 ? rule.comment() : rule.comment().substring(0, space);
        String kind = switch (space < 0 ? "" : rule.comment().substring(space + 1)) {
            case "cluster IP" -> "ClusterIP ";
            case "external IP" -> "ExternalIP ";
            case "loadbalancer IP" -> "LoadBalancer ";
            default -> "";
        };
        return Optional.of(new Claim(service, kind, protocol.get(), ip, port.get(), rule));
    }

    /** Chains of single service ports that nothing leads to, without those that only such chains lead to. */
    List<Leftover> leftovers() {
        Set<String> unreached = new TreeSet<>(rules.nat().keySet().stream().filter(ServiceChain::isOne).toList());
        unreached.removeAll(
                reached(rules.nat().keySet().stream().filter(chain -> !ServiceChain.isOne(chain)).toList()));
        Set<String> led = new HashSet<>();
        unreached.forEach(chain -> rulesOf(rules.nat(), chain).forEach(rule -> rule.next().ifPresent(led::add)));
        return unreached.stream().filter(chain -> !led.contains(chain)).map(chain -> {
            Set<String> below = reached(List.of(chain));
            below.retainAll(unreached);
            Optional<IpPort> to = rulesOf(rules.nat(), chain).stream().flatMap(
                    rule -> rule.action() instanceof Action.Dnat(IpPort at) ? Stream.of(at) : Stream.empty())
                    .findFirst();
            return new Leftover(chain, to, below.size() - 1);
        }).toList();
    }

    private Set<String> reached(List<String> roots) {
        Set<String> reached = new HashSet<>(roots);
        Deque<String> open = new ArrayDeque<>(reached);
        while (!open.isEmpty()) {
            for (Rule rule : rulesOf(rules.nat(), open.pop())) {
                rule.next().filter(reached::add).ifPresent(open::push);
            }
        }
        return reached;
    }

    /** What keeps the rules as a whole from working, for a reader. */
    List<String> broken() {
        List<String> broken = new ArrayList<>();
        hooked("nat", rules.nat(), "PREROUTING", KubeChain.SERVICES, broken);
        hooked("nat", rules.nat(), "OUTPUT", KubeChain.SERVICES, broken);
        hooked("nat", rules.nat(), "POSTROUTING", KubeChain.POSTROUTING, broken);
        for (String chain : List.of("INPUT", "FORWARD", "OUTPUT")) {
            hooked("filter", rules.filter(), chain, KubeChain.PROXY_FIREWALL, broken);
        }
        for (String chain : List.of("INPUT", "FORWARD")) {
            hooked("filter", rules.filter(), chain, KubeChain.EXTERNAL_SERVICES, broken);
        }
        for (String chain : List.of("FORWARD", "OUTPUT")) {
            hooked("filter", rules.filter(), chain, KubeChain.SERVICES, broken);
        }
        masquerading(broken);
        return broken;
    }

    private void masquerading(List<String> broken) {
        List<Rule> postrouting = rulesOf(rules.nat(), KubeChain.POSTROUTING);
        if (postrouting.stream().noneMatch(rule -> rule.action() instanceof Action.Masquerade)) {
            broken.add(KubeChain.POSTROUTING + " masquerades nothing");
        }
        if (rulesOf(rules.nat(), KubeChain.MARK_MASQ).stream()
                .noneMatch(rule -> rule.action() instanceof Action.Mark)) {
            broken.add(KubeChain.MARK_MASQ + " marks nothing, so that no source is masqueraded");
        }
        for (Rule rule : postrouting) {
            // What is not marked returns first; in older releases the last rule asks for the mark itself.
            if (rule.action() instanceof Action.Return) {
                return;
            }
            if (rule.action() instanceof Action.Masquerade) {
                if (rule.matches().isEmpty()) {
                    broken.add(KubeChain.POSTROUTING + " masquerades what is not marked too");
                }
                return;
            }
        }
    }

    /** An empty chain needs no way to it. */
    private static void hooked(String table, Map<String, Chain> chains, String from, String to, List<String> broken) {
        if (!rulesOf(chains, to).isEmpty()
                && rulesOf(chains, from).stream().noneMatch(rule -> rule.next().equals(Optional.of(to)))) {
            broken.add(from + " does not lead to " + to + " (table " + table + ")");
        }
    }

    private static Optional<Chain> chain(Map<String, Chain> table, String name) {
        return Optional.ofNullable(table.get(name));
    }

    private static List<Rule> rulesOf(Map<String, Chain> table, String name) {
        return chain(table, name).map(Chain::rules).orElse(List.of());
    }
}
