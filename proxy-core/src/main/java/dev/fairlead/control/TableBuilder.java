package dev.fairlead.control;

import dev.fairlead.balance.Balancer;
import dev.fairlead.balance.Picker;
import dev.fairlead.balance.StickyBalancer;
import dev.fairlead.balance.StickyPicker;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.table.Route;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.RoutingTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Specs to a table: what is equal keeps its route, its picker and its upstreams, what differs takes over the rotation
 * of what it replaces. Control thread only.
 */
public final class TableBuilder {
    private final UpstreamRegistry registry;
    private final Function<BalancerChoice, Balancer> balancers;
    private Map<RouteSpec, Made> made = Map.of();
    private Map<Scope, Slot> slots = Map.of();

    /**
     * @param balancers makes a balancer, one for each service port and scope
     */
    public TableBuilder(UpstreamRegistry registry, Function<BalancerChoice, Balancer> balancers) {
        this.registry = registry;
        this.balancers = balancers;
    }

    /** The table. Where this throws, the next build starts from the table before it. */
    public RoutingTable build(long revision, List<RouteSpec> specs) {
        Map<RouteSpec, Made> newlyMade = new LinkedHashMap<>();
        Map<Scope, Slot> newSlots = new HashMap<>();
        for (RouteSpec spec : specs) {
            Scope scope = new Scope(spec.service(), spec.kind().scope());
            Made route = Optional.ofNullable(made.get(spec)).orElseGet(() -> make(spec,
                    slot(Optional.ofNullable(newSlots.get(scope)), Optional.ofNullable(slots.get(scope)), spec)));
            newlyMade.put(spec, route);
            newSlots.putIfAbsent(scope, route.slot);
        }
        RoutingTable table = new RoutingTable(revision, newlyMade.values().stream().map(Made::route).toList());
        made = newlyMade;
        slots = newSlots;
        return table;
    }

    /** Kinds of one scope share a picker, so that rotation and counts go over all their frontends. */
    private Slot slot(Optional<Slot> sibling, Optional<Slot> before, RouteSpec spec) {
        Wants wants = Wants.of(spec);
        return sibling.filter(slot -> slot.wants.equals(wants))
                .or(() -> before.filter(slot -> slot.wants.equals(wants)))
                .orElseGet(() -> newSlot(before, wants, spec.service()));
    }

    private Slot newSlot(Optional<Slot> before, Wants wants, ServicePortName service) {
        Balancer balancer = before.filter(slot -> slot.wants.balancer.equals(wants.balancer)).map(Slot::balancer)
                .orElseGet(() -> balancers.apply(wants.balancer));
        Balancer wrapped = switch (wants.affinity) {
            case SessionAffinity.None() -> balancer;
            case SessionAffinity.ClientIp(Duration timeout) ->
                new StickyBalancer(balancer, registry.affinity(service), timeout);
        };
        List<Upstream> upstreams = wants.candidates.stream().map(endpoint -> registry.upstream(service, endpoint))
                .toList();
        // The rotation is beneath affinity, also where affinity was just switched on or off.
        Optional<Picker> previous = before.map(slot -> StickyPicker.beneath(slot.picker));
        return new Slot(wants, upstreams, balancer, wrapped.newPicker(upstreams, previous));
    }

    private Made make(RouteSpec spec, Slot slot) {
        return new Made(new Route(spec, slot.upstreams, slot.picker,
                registry.limit(spec.service(), spec.policy().connectionsPerSecond()),
                registry.counters(spec.service())), slot);
    }

    private record Scope(ServicePortName service, FrontendKind.Scope scope) {
    }

    /** What a picker depends on. */
    private record Wants(List<IpPort> candidates, BalancerChoice balancer, SessionAffinity affinity) {
        static Wants of(RouteSpec spec) {
            return new Wants(spec.candidates(), spec.policy().balancer(), spec.affinity());
        }
    }

    /** A picker and what it was made of; the balancer is the one beneath affinity. */
    private record Slot(Wants wants, List<Upstream> upstreams, Balancer balancer, Picker picker) {
    }

    private record Made(Route route, Slot slot) {
    }
}
