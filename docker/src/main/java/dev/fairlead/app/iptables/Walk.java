package dev.fairlead.app.iptables;

import dev.fairlead.app.iptables.Outcome.Affinity;
import dev.fairlead.app.iptables.Outcome.Sent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Follows a packet through the chains of one table, all ways at once where chance decides. Clients that were seen
 * before are noted and not followed: the shares are those of new clients.
 */
final class Walk {
    /** kube-proxy's own ways have four chains; rules that lead in circles end here. */
    private static final int DEEPEST = 16;

    /** A part of the packets, by whether their source is marked for masquerading. */
    private record Flow(double plain, double marked) {
        static final Flow NONE = new Flow(0, 0);

        double share() {
            return plain + marked;
        }

        Flow times(double factor) {
            return new Flow(plain * factor, marked * factor);
        }

        Flow plus(Flow other) {
            return new Flow(plain + other.plain, marked + other.marked);
        }

        Flow hidden() {
            return new Flow(0, share());
        }
    }

    private record Way(String from, String chain, Action.Dnat to) {
    }

    private final Map<String, Chain> table;
    private final Packet packet;
    private final Map<Way, Flow> sent = new LinkedHashMap<>();
    private final Set<String> remembering = new TreeSet<>();
    private final List<Affinity> affinity = new ArrayList<>();
    private final Set<String> unclear = new TreeSet<>();
    private final Deque<String> path = new ArrayDeque<>();
    private double refused;
    private double dropped;
    private String decider = "";

    private Walk(Map<String, Chain> table, Packet packet) {
        this.table = table;
        this.packet = packet;
    }

    /** What a table does with a packet that enters these chains one after the other. */
    static Outcome through(Map<String, Chain> table, Packet packet, List<String> chains) {
        Walk walk = new Walk(table, packet);
        Flow flow = new Flow(1, 0);
        for (String chain : chains) {
            if (table.containsKey(chain)) {
                flow = walk.through(chain, flow);
            }
        }
        return walk.outcome();
    }

    private Outcome outcome() {
        List<Sent> all = new ArrayList<>();
        double untouched = 1 - refused - dropped;
        for (Map.Entry<Way, Flow> entry : sent.entrySet()) {
            Way way = entry.getKey();
            Flow flow = entry.getValue();
            untouched -= flow.share();
            all.add(new Sent(way.to().to(), flow.share(), flow.marked(), way.chain(), way.from(),
                    remembering.contains(way.chain())));
        }
        return new Outcome(all, refused, dropped, Math.max(0, untouched), decider, affinity, unclear);
    }

    /** The part that comes back from a chain undecided. */
    private Flow through(String name, Flow in) {
        Chain chain = table.get(name);
        if (chain == null) {
            unclear.add(path.isEmpty()
                    ? name + " is not there"
                    : path.peek() + " leads to " + name
                            + ", which is not there");
            return in;
        }
        if (path.size() >= DEEPEST) {
            unclear.add(path.peek() + " leads to " + name + ", deeper than rules of kube-proxy ever do");
            return in;
        }
        path.push(name);
        Flow here = in;
        Flow back = Flow.NONE;
        for (Rule rule : chain.about(packet)) {
            if (here.share() < Outcome.NOTHING * Outcome.NOTHING) {
                break;
            }
            if (!packet.fits(rule, unclear)) {
                continue;
            }
            Optional<Match.SeenBefore> seen = rule.matches(Match.SeenBefore.class).findFirst();
            if (seen.isPresent()) {
                seenBefore(rule, seen.get(), here.share() >= in.share() - Outcome.NOTHING);
                continue;
            }
            rule.matches(Match.Remember.class).filter(match -> match.list().equals(name))
                    .forEach(_ -> remembering.add(name));
            double chance = rule.matches(Match.Chance.class).mapToDouble(Match.Chance::probability).reduce(1,
                    (a, b) -> a * b);
            Flow taken = here.times(chance);
            Flow left = here.times(1 - chance);
            switch (rule.action()) {
                case Action.None _,Action.Masquerade _ -> left = here;
                case Action.Mark _ -> left = left.plus(taken.hidden());
                case Action.Jump(String next) -> left = left.plus(jump(next, taken));
                case Action.Dnat to -> sent.merge(new Way(before(), name, to), taken, Flow::plus);
                case Action.Reject _ -> {
                    refused += taken.share();
                    decider = name;
                }
                case Action.Drop _ -> {
                    dropped += taken.share();
                    decider = name;
                }
                case Action.Return _ -> back = back.plus(taken);
                case Action.Accept _ -> {
                    // Stays as it is, and comes to no further rule of this table.
                }
            }
            here = left;
        }
        path.pop();
        return here.plus(back);
    }

    private String before() {
        Iterator<String> chains = path.iterator();
        String here = chains.next();
        return chains.hasNext() ? chains.next() : here;
    }

    /** The two chains whose names say what they do count as doing it; whether they do is looked at elsewhere. */
    private Flow jump(String next, Flow taken) {
        return switch (next) {
            case KubeChain.MARK_MASQ -> taken.hidden();
            case KubeChain.MARK_DROP -> {
                dropped += taken.share();
                decider = next;
                yield Flow.NONE;
            }
            default -> through(next, taken);
        };
    }

    /**
     * @param first whether every packet comes by here, which affinity needs
     */
    private void seenBefore(Rule rule, Match.SeenBefore seen, boolean first) {
        rule.next().filter(chain -> first && chain.equals(seen.list()))
                .ifPresent(chain -> affinity.add(new Affinity(rule.chain(), chain, seen.seconds())));
    }
}
