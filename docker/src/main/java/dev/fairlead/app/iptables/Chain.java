package dev.fairlead.app.iptables;

import dev.fairlead.model.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One chain. KUBE-SERVICES has a rule for every frontend of the cluster, and every frontend is looked up in it, so that
 * rules are kept by what they are about.
 */
final class Chain {
    /** What a rule is about, where it is about one address or one port only. */
    private record About(Protocol protocol, Optional<InetAddress> ip, int port) {
    }

    private final String name;
    private final List<Rule> rules;
    private final Map<About, List<Integer>> special = new HashMap<>();
    private final List<Integer> general = new ArrayList<>();

    Chain(String name, List<Rule> rules) {
        this.name = name;
        this.rules = List.copyOf(rules);
        for (int i = 0; i < rules.size(); i++) {
            Optional<About> about = about(rules.get(i));
            if (about.isPresent()) {
                special.computeIfAbsent(about.get(), _ -> new ArrayList<>()).add(i);
            } else {
                general.add(i);
            }
        }
    }

    private static Optional<About> about(Rule rule) {
        Optional<Protocol> protocol = rule.matches(Match.OfProtocol.class).filter(match -> !match.negated())
                .map(Match.OfProtocol::protocol).findFirst();
        Optional<Match.DestinationPort> port = rule.matches(Match.DestinationPort.class)
                .filter(match -> !match.negated() && match.from() == match.to()).findFirst();
        Optional<Match.Destination> to = rule.matches(Match.Destination.class).findFirst();
        boolean one = to.isEmpty()
                || (!to.get().negated() && to.get().block().prefix() == to.get().block().family().bits());
        return protocol.isPresent() && port.isPresent() && one
                ? Optional.of(new About(protocol.get(), to.map(match -> match.block().base()), port.get().from()))
                : Optional.empty();
    }

    String name() {
        return name;
    }

    List<Rule> rules() {
        return rules;
    }

    /** The rules that may fit a packet, in their order; all others do not. */
    List<Rule> about(Packet packet) {
        if (special.isEmpty()) {
            return rules;
        }
        List<Integer> found = new ArrayList<>(general);
        found.addAll(special.getOrDefault(
                new About(packet.protocol(), Optional.of(packet.destination()), packet.port()), List.of()));
        found.addAll(special.getOrDefault(new About(packet.protocol(), Optional.empty(), packet.port()), List.of()));
        return found.stream().sorted().map(rules::get).toList();
    }
}
