package dev.fairlead.table;

import dev.fairlead.balance.SourceKinds;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a route should be, pure data: the frontends of one kind of one service port. Equal specs need no change.
 *
 * @param frontends sorted, never empty
 * @param candidates endpoints that may be picked for sources outside, sorted; may be empty
 * @param serving UDP: the endpoints to which flows that are under way go on, sorted; always empty for TCP
 * @param hasAny whether the service port has an endpoint somewhere that is ready, or serves while it terminates: then
 *     the door is open, and who may go nowhere is dropped silently; else it is shut, so that the kernel refuses
 * @param shortCircuit where other sources go, if elsewhere
 * @param sourceRanges who may come; empty = everybody
 * @param keptClients whose address some endpoints see; absent = they all see this node's
 */
public record RouteSpec(ServicePortName service, FrontendKind kind, List<IpPort> frontends, List<IpPort> candidates,
        List<IpPort> serving, boolean hasAny, Optional<ShortCircuit> shortCircuit, SessionAffinity affinity,
        List<Cidr> sourceRanges, ServicePolicy policy, Optional<KeptClients> keptClients) {
    public RouteSpec {
        frontends = List.copyOf(frontends);
        candidates = List.copyOf(candidates);
        serving = List.copyOf(serving);
        sourceRanges = List.copyOf(sourceRanges);
    }

    /** One whose endpoints see this node's address. */
    public RouteSpec(ServicePortName service, FrontendKind kind, List<IpPort> frontends, List<IpPort> candidates,
            List<IpPort> serving, boolean hasAny, Optional<ShortCircuit> shortCircuit, SessionAffinity affinity,
            List<Cidr> sourceRanges, ServicePolicy policy) {
        this(service, kind, frontends, candidates, serving, hasAny, shortCircuit, affinity, sourceRanges, policy,
                Optional.empty());
    }

    /** Whether a client's connections to an endpoint carry its address, where the kernel is prepared for that. */
    public boolean keeps(InetAddress client, IpPort endpoint) {
        return keptClients.isPresent() && keptClients.get().keeps(client, endpoint);
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

    /** Whether the doors are open. */
    public boolean opens() {
        return hasAny;
    }

    /**
     * Whose connections the doors take. UDP's are for everybody: there a session can be silent, and the flows of who
     * was admitted once go on.
     */
    public SourceFilter filter() {
        if (service.protocol() != Protocol.TCP) {
            return SourceFilter.EVERYBODY;
        }
        List<List<Cidr>> conditions = new ArrayList<>();
        if (!sourceRanges.isEmpty()) {
            conditions.add(orLoadBalancers(sourceRanges));
        }
        if (candidates.isEmpty()) {
            conditions.add(shortCircuit.filter(near -> !near.candidates().isEmpty())
                    .map(near -> orLoadBalancers(near.sources().blocks(service.family()))).orElse(List.of()));
        }
        return conditions.stream().anyMatch(List::isEmpty) ? SourceFilter.NOBODY : new SourceFilter(conditions);
    }

    /** Who a load balancer's client is shows only when it has said so: until then it is let in whoever that may be. */
    private List<Cidr> orLoadBalancers(List<Cidr> clients) {
        return Stream.concat(clients.stream(), policy.clientAddress().trusted().stream()
                .filter(block -> block.family() == service.family())).distinct().toList();
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
