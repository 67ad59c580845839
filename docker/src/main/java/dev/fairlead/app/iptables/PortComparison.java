package dev.fairlead.app.iptables;

import dev.fairlead.app.iptables.KubeProxyView.Firewall;
import dev.fairlead.app.iptables.Outcome.Sent;
import dev.fairlead.app.iptables.Packet.Source;
import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.EndpointSet;
import dev.fairlead.balance.Flow;
import dev.fairlead.balance.FlowVerdict;
import dev.fairlead.balance.FlowVerdicts;
import dev.fairlead.balance.FrontendVerdicts;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.balance.Verdict;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what rules and Fairlead do at the frontends of one service port, for sources of every kind. */
final class PortComparison {
    private static final int MOST_NAMED = 3;

    private final ServiceSnapshot snapshot;
    private final FlowVerdicts verdicts;
    private final KubeProxyView rules;
    private final Sources sources;
    private final List<Source> everyKind;
    private final Findings findings;
    private final ServicePort port;
    private final ServicePortName name;
    private final UsableEndpoints usable;
    private final EndpointComparison endpoints;

    /** What all ports of one comparison share. */
    record Sides(ServiceSnapshot snapshot, FlowVerdicts verdicts, KubeProxyView rules, Sources sources,
            List<Source> everyKind, Findings findings) {
    }

    PortComparison(Sides sides, ServicePort port) {
        this.snapshot = sides.snapshot();
        this.verdicts = sides.verdicts();
        this.rules = sides.rules();
        this.sources = sides.sources();
        this.everyKind = sides.everyKind();
        this.findings = sides.findings();
        this.port = port;
        this.name = port.name();
        this.usable = EndpointSelection.select(port, snapshot.node());
        this.endpoints = new EndpointComparison(sides, port, usable);
    }

    /**
     * One frontend, or all NodePorts of the port.
     *
     * @param ip that is dialled; of NodePorts one that has them
     * @param words for a reader: {@code ClusterIP 10.96.0.1:80}
     */
    record Door(FrontendKind kind, InetAddress ip, int port, String words) {
        /** The chain of table nat that tells frontends apart. */
        String chain() {
            return switch (kind) {
                case CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER -> KubeChain.SERVICES;
                case NODE_PORT -> KubeChain.NODE_PORTS;
            };
        }

        /** The chain of table filter that refuses and drops for it. */
        String filterChain() {
            return switch (kind.scope()) {
                case INTERNAL -> KubeChain.SERVICES;
                case EXTERNAL -> KubeChain.EXTERNAL_SERVICES;
            };
        }
    }

    /** @param doors where the port is served */
    void compare(Doors doors) {
        doors.clusterIp().ifPresent(ip -> compare(door(FrontendKind.CLUSTER_IP, ip)));
        doors.externalIps().forEach(ip -> compare(door(FrontendKind.EXTERNAL_IP, ip)));
        doors.vips().forEach(ip -> compare(door(FrontendKind.LOAD_BALANCER, ip)));
        if (doors.nodePort() != 0) {
            port.frontends().stream().filter(frontend -> frontend.kind() == FrontendKind.NODE_PORT).findFirst()
                    .ifPresent(frontend -> compare(new Door(FrontendKind.NODE_PORT, frontend.address().ip(),
                            doors.nodePort(), "NodePort " + doors.nodePort())));
        }
    }

    private Door door(FrontendKind kind, InetAddress ip) {
        int number = port.addresses().port();
        return new Door(kind, ip, number, kind + " " + new IpPort(ip, number));
    }

    private void compare(Door door) {
        List<Cidr> ours = FrontendVerdicts.admitted(port, snapshot.node(), door.kind());
        Optional<Firewall> theirs = door.kind() == FrontendKind.LOAD_BALANCER && !everyKind.isEmpty()
                ? rules.firewall(packet(door, everyKind.getFirst()))
                : Optional.empty();
        if (usable.hasAny()) {
            ranges(door, ours, theirs);
        }
        for (Source source : Stream.concat(everyKind.stream(), sources.of(port.sourceRanges()).stream()).toList()) {
            boolean admitted = ours.isEmpty() || Blocks.contain(ours, source.address());
            boolean passed = theirs.isEmpty() || Blocks.contain(theirs.get().ranges(), source.address());
            // Who is admitted by one side only is told by the ranges.
            if (admitted && passed) {
                compare(door, source);
            }
        }
    }

    private Packet packet(Door door, Source source) {
        boolean toNode = door.kind() == FrontendKind.NODE_PORT || snapshot.node().addresses().contains(door.ip());
        return new Packet(name.protocol(), source, door.ip(), toNode, door.port());
    }

    private Outcome outcome(Packet packet, Door door) {
        Outcome outcome = switch (door.kind()) {
            case CLUSTER_IP, EXTERNAL_IP, LOAD_BALANCER -> rules.toAddress(packet);
            case NODE_PORT -> rules.toNodePort(packet);
        };
        findings.unclear(outcome.unclear());
        return outcome;
    }

    private void say(Door door, Source source, String says, String fairlead) {
        findings.add(name + " " + name.protocol(), door.words(), source.words(), says, fairlead);
    }

    /** What is so whoever comes. */
    private void say(Door door, String says, String fairlead) {
        findings.add(name + " " + name.protocol(), door.words(), "", says, fairlead);
    }

    private void ranges(Door door, List<Cidr> ours, Optional<Firewall> theirs) {
        List<Cidr> wanted = Blocks.outermost(ours);
        List<Cidr> had = theirs.map(firewall -> Blocks.outermost(firewall.ranges())).orElse(List.of());
        boolean same = wanted.equals(had) && wanted.isEmpty() == theirs.isEmpty();
        if (!same) {
            String says = theirs.map(firewall -> firewall.chain() + " admits "
                    + (had.isEmpty() ? "nobody" : Blocks.words(had) + " only"))
                    .orElse("no " + ServiceChain.FIREWALL.of(name) + " stands before it, so every source is admitted");
            // A missing service is not a missing firewall.
            if (theirs.isPresent() || everyKind.stream().anyMatch(
                    source -> rules.entry(packet(door, source), door.chain()).isPresent())) {
                say(door, says,
                        "Fairlead would admit " + (wanted.isEmpty() ? "every source" : Blocks.words(wanted) + " only"));
            }
        }
        if (theirs.isEmpty() || wanted.isEmpty()) {
            return;
        }
        List<Cidr> admitted = new ArrayList<>(ours);
        admitted.addAll(had);
        Optional<Source> stranger = sources.outside(admitted);
        if (stranger.isPresent() && !Outcome.all(outcome(packet(door, stranger.get()), door).dropped())) {
            say(door, KubeChain.PROXY_FIREWALL + " does not drop what " + theirs.get().chain() + " does not admit",
                    "Fairlead would drop it");
        }
    }

    private void compare(Door door, Source source) {
        Packet packet = packet(door, source);
        Outcome theirs = outcome(packet, door);
        FlowVerdict ours = verdicts.of(new Flow(name.protocol(), source.address(), new IpPort(door.ip(), door.port())));
        switch (ours.verdict()) {
            case Verdict.Forward forward -> forwarded(door, packet, theirs, forward, ours.sourceKept());
            case Verdict.Reject reject -> {
                if (!Outcome.all(theirs.refused())) {
                    say(door, source, instead(door, packet, theirs, "refuse"),
                            "Fairlead would refuse: " + reject.why());
                }
            }
            case Verdict.Drop drop -> {
                if (!Outcome.all(theirs.dropped())) {
                    say(door, source, instead(door, packet, theirs, "drop"), "Fairlead would drop them: " + drop.why());
                }
            }
            case Verdict.NotCaptured _ -> {
                // Not one of the frontends that this node serves.
            }
        }
    }

    /** What rules do that do not refuse or drop as they should. */
    private String instead(Door door, Packet packet, Outcome theirs, String expected) {
        if (theirs.sent().isEmpty() && theirs.decider().isEmpty()
                && rules.entry(packet, door.chain()).isEmpty()) {
            return door.filterChain() + " (table filter) has no rule to " + expected + " it";
        }
        return deed(door, packet, theirs);
    }

    /** What rules do with most packets. */
    private String deed(Door door, Packet packet, Outcome theirs) {
        if (!theirs.sent().isEmpty()) {
            return theirs.sent().getFirst().from() + " sends " + Findings.WHO + " to "
                    + named(theirs.sent().stream().map(Sent::to).distinct().toList());
        }
        if (!theirs.decider().isEmpty()) {
            return theirs.decider() + (theirs.refused() > theirs.dropped() ? " refuses " : " drops ") + Findings.WHO;
        }
        return rules.entry(packet, door.chain()).map(chain -> chain + " leads " + Findings.WHO + " nowhere")
                .orElse(door.chain() + " has no rule for it");
    }

    private static String named(List<IpPort> all) {
        String first = all.stream().limit(MOST_NAMED).map(IpPort::toString).collect(Collectors.joining(", "));
        return all.size() > MOST_NAMED ? first + " and " + (all.size() - MOST_NAMED) + " more" : first;
    }

    private void forwarded(Door door, Packet packet, Outcome theirs, Verdict.Forward ours, boolean kept) {
        if (theirs.sent().isEmpty()) {
            say(door, packet.source(), deed(door, packet, theirs),
                    "Fairlead would forward to " + named(ours.endpoints().stream().map(e -> e.address()).toList()));
            return;
        }
        ServiceChain wanted = chainOf(ours.set());
        ServiceChain other = wanted == ServiceChain.CLUSTER ? ServiceChain.LOCAL : ServiceChain.CLUSTER;
        if (theirs.sent().stream().allMatch(sent -> sent.from().equals(other.of(name)))) {
            String by = rules.entry(packet, door.chain()).filter(chain -> !chain.equals(other.of(name)))
                    .orElse(door.chain());
            say(door, packet.source(), by + " sends " + Findings.WHO + " to " + other.of(name) + ", "
                    + words(ours.set() == EndpointSet.CLUSTER ? EndpointSet.LOCAL : EndpointSet.CLUSTER),
                    "Fairlead would use " + words(ours.set()) + ": " + ours.why());
            return;
        }
        endpoints.compare(door, packet, theirs, ours, kept);
    }

    private static ServiceChain chainOf(EndpointSet set) {
        return switch (set) {
            case CLUSTER -> ServiceChain.CLUSTER;
            case LOCAL -> ServiceChain.LOCAL;
        };
    }

    private static String words(EndpointSet set) {
        return switch (set) {
            case CLUSTER -> "endpoints anywhere";
            case LOCAL -> "endpoints on this node";
        };
    }
}
