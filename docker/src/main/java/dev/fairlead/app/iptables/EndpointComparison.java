package dev.fairlead.app.iptables;

import dev.fairlead.app.iptables.Outcome.Affinity;
import dev.fairlead.app.iptables.Outcome.Sent;
import dev.fairlead.app.iptables.Packet.Source;
import dev.fairlead.app.iptables.PortComparison.Door;
import dev.fairlead.app.iptables.PortComparison.Sides;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.balance.Verdict;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares where rules and Fairlead send packets that both of them forward. */
final class EndpointComparison {
    /** Older releases wrote probabilities with five digits only. */
    private static final double ROUNDING = 0.005;
    private static final int MOST_NAMED = 4;

    private final KubeProxyView rules;
    private final Findings findings;
    private final ServicePort port;
    private final ServicePortName name;
    private final UsableEndpoints usable;

    EndpointComparison(Sides sides, ServicePort port, UsableEndpoints usable) {
        this.rules = sides.rules();
        this.findings = sides.findings();
        this.port = port;
        this.name = port.name();
        this.usable = usable;
    }

    private void say(Door door, String says, String fairlead) {
        findings.add(name + " " + name.protocol(), door.words(), "", says, fairlead);
    }

    /**
     * Compares one packet's ways.
     *
     * @param theirs sends somewhere
     * @param kept whether kube-proxy would leave the packet its source
     */
    void compare(Door door, Packet packet, Outcome theirs, Verdict.Forward ours, boolean kept) {
        Map<IpPort, Sent> sent = new TreeMap<>();
        theirs.sent().forEach(way -> sent.merge(way.to(), way, EndpointComparison::together));
        Set<IpPort> wanted = ours.endpoints().stream().map(Endpoint::address)
                .collect(Collectors.toCollection(TreeSet::new));
        String chain = theirs.sent().getFirst().from();
        double forwarded = sent.values().stream().mapToDouble(Sent::share).sum();
        if (sent.keySet().equals(wanted)) {
            if (Outcome.all(forwarded)) {
                shares(door, chain, sent);
            }
        } else {
            members(door, chain, sent, wanted);
        }
        if (!Outcome.all(forwarded)) {
            say(door, chain + " sends only " + share(forwarded) + " of new clients anywhere",
                    "Fairlead would forward all");
        }
        Map<IpPort, Sent> common = new LinkedHashMap<>(sent);
        common.keySet().retainAll(wanted);
        masquerade(door, packet.source(), chain, common, kept);
        common.values().forEach(way -> hairpin(door, packet, way));
        affinity(door, theirs.affinity(), common);
    }

    private static Sent together(Sent a, Sent b) {
        return new Sent(a.to(), a.share() + b.share(), a.hidden() + b.hidden(), a.chain(), a.from(),
                a.remembers() && b.remembers());
    }

    private static String share(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private void members(Door door, String chain, Map<IpPort, Sent> sent, Set<IpPort> wanted) {
        Map<String, IpPort> chains = wanted.stream()
                .collect(Collectors.toMap(address -> ServiceChain.endpoint(name, address), address -> address));
        Set<IpPort> lost = new TreeSet<>(wanted);
        lost.removeAll(sent.keySet());
        for (Sent way : sent.values()) {
            if (wanted.contains(way.to())) {
                continue;
            }
            IpPort meant = chains.getOrDefault(way.chain(), way.to());
            if (lost.remove(meant)) {
                say(door, way.chain() + ", named after " + meant + ", sends to " + way.to(),
                        "Fairlead would send to " + meant);
            } else {
                say(door, chain + " sends to " + way.to() + " by " + way.chain(), "Fairlead would not" + why(way.to()));
            }
        }
        lost.forEach(address -> say(door, chain + " does not send to " + address, "Fairlead would" + why(address)));
    }

    private String why(IpPort address) {
        return usable.uses().stream().filter(use -> use.endpoint().address().equals(address)).findFirst()
                .map(use -> " (" + use.why() + ")").orElse(" (no such endpoint is known)");
    }

    private void shares(Door door, String chain, Map<IpPort, Sent> sent) {
        double even = 1.0 / sent.size();
        List<Sent> uneven = sent.values().stream().filter(way -> Math.abs(way.share() - even) > even * ROUNDING)
                .toList();
        if (uneven.isEmpty()) {
            return;
        }
        String first = uneven.stream().limit(MOST_NAMED).map(way -> share(way.share()) + " to " + way.to())
                .collect(Collectors.joining(", "));
        String more = uneven.size() > MOST_NAMED
                ? " and uneven shares to " + (uneven.size() - MOST_NAMED) + " more"
                : "";
        say(door, chain + " spreads new clients unevenly, " + first + more,
                "Fairlead would send " + share(even) + " to each");
    }

    private void masquerade(Door door, Source source, String chain, Map<IpPort, Sent> common, boolean kept) {
        List<Sent> wrong = common.values().stream().filter(way -> {
            boolean hide = !kept || way.to().ip().equals(source.address());
            double off = hide ? way.share() - way.hidden() : way.hidden();
            return off > way.share() * ROUNDING;
        }).toList();
        if (wrong.isEmpty()) {
            return;
        }
        String by = switch (door.kind().scope()) {
            case INTERNAL -> chain;
            case EXTERNAL -> ServiceChain.EXTERNAL.of(name);
        };
        findings.add(name + " " + name.protocol(), door.words(), source.words(),
                by + (kept ? " masquerades " : " does not masquerade ") + Findings.WHO,
                kept ? "the configuration has their source kept" : "the configuration has their source hidden");
    }

    /** An endpoint that calls itself. */
    private void hairpin(Door door, Packet packet, Sent way) {
        Packet itself = new Packet(name.protocol(), new Source(way.to().ip(), false, false, ""),
                packet.destination(), packet.toNode(), packet.port());
        if (!rules.hides(way.chain(), itself)) {
            say(door, way.chain() + " does not masquerade " + IpText.format(way.to().ip()) + " when it calls itself",
                    "Fairlead would answer it from an address of this node");
        }
    }

    private void affinity(Door door, List<Affinity> affinity, Map<IpPort, Sent> common) {
        if (common.isEmpty()) {
            return;
        }
        Map<String, OptionalLong> kept = new LinkedHashMap<>();
        affinity.forEach(rule -> kept.putIfAbsent(rule.chain(), rule.seconds()));
        Set<String> froms = common.values().stream().map(Sent::from).collect(Collectors.toCollection(TreeSet::new));
        String chain = String.join(" and ", froms);
        switch (port.affinity()) {
            case SessionAffinity.None() -> {
                if (!kept.isEmpty()) {
                    say(door, chain + " keeps clients with their endpoint" + seconds(kept),
                            "Fairlead would balance every connection anew");
                }
            }
            case SessionAffinity.ClientIp(var timeout) -> {
                String ours = "Fairlead would for " + timeout.toSeconds() + " s";
                List<Sent> forgotten = common.values().stream().filter(way -> !kept.containsKey(way.chain())).toList();
                if (forgotten.size() == common.size()) {
                    say(door, chain + " keeps no client with its endpoint", ours);
                    return;
                }
                forgotten.forEach(way -> say(door, chain + " keeps no client with " + way.to(), ours));
                kept.keySet().retainAll(common.values().stream().map(Sent::chain).toList());
                if (kept.values().stream().anyMatch(s -> !s.equals(OptionalLong.of(timeout.toSeconds())))) {
                    say(door, chain + " keeps clients with their endpoint" + seconds(kept), ours);
                }
                common.values().stream().filter(way -> !way.remembers())
                        .forEach(way -> say(door, way.chain() + " does not remember who was sent to " + way.to(),
                                ours));
            }
        }
    }

    /** {@code " for 600 s"}; more than one where endpoints differ. */
    private static String seconds(Map<String, OptionalLong> kept) {
        return kept.values().stream().distinct()
                .map(seconds -> seconds.isPresent() ? " for " + seconds.getAsLong() + " s" : " for ever")
                .collect(Collectors.joining(" or"));
    }
}
