package dev.fairlead.table;

import dev.fairlead.balance.SourceKinds;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TransportAddress;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a route should be, pure data: the frontends of one kind of one service port. Equal specs need no change.
 *
 * @param frontends sorted, never empty
 * @param candidates endpoints that may be picked for sources outside, sorted; may be empty
 * @param serving UDP: the endpoints to which flows that are under way go on, sorted; where there are any the door is
 *     open, and a newcomer that may go nowhere is dropped silently; always empty for TCP
 * @param shortCircuit where other sources go, if elsewhere
 * @param sourceRanges who may come; empty = everybody
 */
public record RouteSpec(ServicePortName service, FrontendKind kind, List<IpPort> frontends, List<IpPort> candidates,
        List<IpPort> serving, Optional<ShortCircuit> shortCircuit, SessionAffinity affinity, List<Cidr> sourceRanges,
        ServicePolicy policy) {
    public RouteSpec {
        frontends = List.copyOf(frontends);
        candidates = List.copyOf(candidates);
        serving = List.copyOf(serving);
        sourceRanges = List.copyOf(sourceRanges);
    }

    /**
     * Pods and this node itself dial an external address under externalTrafficPolicy Local.
     *
     * @param candidates endpoints that may be picked for them, sorted
     * @param sources tells who they are
     */
    public record ShortCircuit(List<IpPort> candidates, SourceKinds sources) {
        public ShortCircuit {
            candidates = List.copyOf(candidates);
        }
    }

    /** The frontends with their protocol, in the same order. */
    public List<TransportAddress> doors() {
        return frontends.stream().map(address -> new TransportAddress(service.protocol(), address)).toList();
    }

    /** Whether anybody's connections or flows go anywhere; where nobody's do the doors stay shut. */
    public boolean opens() {
        return !candidates.isEmpty() || !serving.isEmpty()
                || shortCircuit.filter(near -> !near.candidates().isEmpty()).isPresent();
    }

    /** Every endpoint that a newcomer may be sent to, wherever it comes from. */
    public SortedSet<IpPort> choices() {
        SortedSet<IpPort> all = new TreeSet<>(candidates);
        shortCircuit.ifPresent(near -> all.addAll(near.candidates()));
        return all;
    }

    /** Every endpoint that somebody's packets may go to: those of newcomers and of flows that are under way. */
    public SortedSet<IpPort> endpoints() {
        SortedSet<IpPort> all = choices();
        all.addAll(serving);
        return all;
    }
}
