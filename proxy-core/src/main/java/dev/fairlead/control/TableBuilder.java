package dev.fairlead.control;

import dev.fairlead.balance.Balancer;
import dev.fairlead.balance.Picker;
import dev.fairlead.balance.StickyBalancer;
import dev.fairlead.balance.StickyPicker;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.table.Route;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.RoutingTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
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
    /** In the order of the specs: a service port's are neighbours. */
    private List<Made> made = List.of();
    /** The specs that they were made of, one for one. */
    private List<RouteSpec> madeOf = List.of();
    private RoutingTable table = RoutingTable.EMPTY;
    private boolean keepsClients;

    /**
     * @param balancers makes a balancer, one for each service port and scope
     */
    public TableBuilder(UpstreamRegistry registry, Function<BalancerChoice, Balancer> balancers) {
        this.registry = registry;
        this.balancers = balancers;
    }

    /**
     * The table. Where this throws, the next build starts from the table before it.
     *
     * @param specs sorted by service port, as {@link RouteSpecs} sorts them
     */
    public RoutingTable build(long revision, List<RouteSpec> specs) {
        Turn turn = new Turn(specs);
        turn.walk();
        RoutingTable next = table.next(revision, turn.routes, turn.gone, turn.come);
        table = next;
        made = turn.now;
        madeOf = specs;
        return next;
    }

    /** Whether a route was ever made whose endpoints see their clients' addresses. */
    boolean keepsClients() {
        return keepsClients;
    }

    /** One build: a walk over what was made and what is wanted, both sorted alike. */
    private final class Turn {
        private final List<RouteSpec> specs;
        private final List<Made> now;
        private final List<Route> routes;
        private final List<Route> gone = new ArrayList<>();
        private final List<Route> come = new ArrayList<>();

        Turn(List<RouteSpec> specs) {
            this.specs = specs;
            this.now = new ArrayList<>(specs.size());
            this.routes = new ArrayList<>(specs.size());
        }

        @SuppressWarnings("ReferenceEquality")
        void walk() {
            int before = 0;
            int from = 0;
            while (from < specs.size() || before < made.size()) {
                int same = 0;
                while (from + same < specs.size() && before + same < made.size()
                        && specs.get(from + same) == madeOf.get(before + same)) {
                    same++;
                }
                // The last of them may share its service port with what comes next, so that it is looked at again.
                if (from + same < specs.size() || before + same < made.size()) {
                    while (same > 0 && (isOf(specs, from + same, specs.get(from + same - 1).service())
                            || isOf(madeOf, before + same, specs.get(from + same - 1).service()))) {
                        same--;
                    }
                }
                for (int i = 0; i < same; i++) {
                    keep(made.get(before + i));
                }
                from += same;
                before += same;
                if (from < specs.size() || before < made.size()) {
                    ServicePortName service = first(from, before);
                    int to = end(specs, from, service);
                    int after = end(madeOf, before, service);
                    servicePort(specs.subList(from, to), made.subList(before, after));
                    from = to;
                    before = after;
                }
            }
        }

        private ServicePortName first(int from, int before) {
            if (from == specs.size()) {
                return madeOf.get(before).service();
            }
            ServicePortName wanted = specs.get(from).service();
            return before < madeOf.size() && madeOf.get(before).service().compareTo(wanted) < 0
                    ? madeOf.get(before).service()
                    : wanted;
        }

        private void keep(Made one) {
            now.add(one);
            routes.add(one.route);
        }

        /** The routes of one service port, in place of those it had. */
        private void servicePort(List<RouteSpec> wanted, List<Made> before) {
            Map<Sources, Slot> slots = new EnumMap<>(Sources.class);
            before.forEach(one -> one.slots.forEach(slots::putIfAbsent));
            Map<Sources, Slot> siblings = new EnumMap<>(Sources.class);
            List<Made> kept = new ArrayList<>();
            for (RouteSpec spec : wanted) {
                Optional<Made> old = before.stream().filter(one -> one.is(spec)).findFirst();
                Made one = old.orElseGet(() -> make(spec, slots, siblings));
                one.slots.forEach(siblings::putIfAbsent);
                keep(one);
                old.ifPresentOrElse(kept::add, () -> come.add(one.route));
            }
            before.stream().filter(one -> !kept.contains(one)).forEach(one -> gone.add(one.route));
        }
    }

    private static boolean isOf(List<RouteSpec> specs, int index, ServicePortName service) {
        return index < specs.size() && specs.get(index).service().equals(service);
    }

    private static int end(List<RouteSpec> specs, int from, ServicePortName service) {
        int end = from;
        while (isOf(specs, end, service)) {
            end++;
        }
        return end;
    }

    private Made make(RouteSpec spec, Map<Sources, Slot> before, Map<Sources, Slot> siblings) {
        keepsClients |= spec.keptClients().isPresent();
        Map<Sources, Slot> own = new EnumMap<>(Sources.class);
        Optional<Route> near = spec.shortCircuit().map(circuit -> {
            own.put(Sources.NEAR, slot(Sources.NEAR, circuit.candidates(), spec, before, siblings));
            return route(spec, own.get(Sources.NEAR), Optional.empty());
        });
        Sources sources = switch (spec.kind().scope()) {
            case INTERNAL -> Sources.INSIDE;
            case EXTERNAL -> Sources.OUTSIDE;
        };
        Slot slot = slot(sources, spec.candidates(), spec, before, siblings);
        own.put(sources, slot);
        return new Made(route(spec, slot, near), own);
    }

    private Route route(RouteSpec spec, Slot slot, Optional<Route> near) {
        return new Route(spec, slot.upstreams, slot.picker, near,
                registry.limit(spec.service(), spec.policy().connectionsPerSecond()),
                registry.counters(spec.service()));
    }

    /** Kinds that the same sources take share a picker, so that rotation and counts go over all their frontends. */
    private Slot slot(Sources sources, List<IpPort> candidates, RouteSpec spec, Map<Sources, Slot> before,
            Map<Sources, Slot> siblings) {
        Wants wants = new Wants(candidates, spec.policy().balancer(), spec.affinity());
        Optional<Slot> old = Optional.ofNullable(before.get(sources));
        return Optional.ofNullable(siblings.get(sources)).filter(sibling -> sibling.wants.equals(wants))
                .or(() -> old.filter(slot -> slot.wants.equals(wants)))
                .orElseGet(() -> newSlot(old, wants, spec.service()));
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

    /** Who takes a route: dialling a ClusterIP, dialling an external address, or doing so in short circuit. */
    private enum Sources {
        INSIDE, OUTSIDE, NEAR
    }

    /** What a picker depends on. */
    private record Wants(List<IpPort> candidates, BalancerChoice balancer, SessionAffinity affinity) {
    }

    /** A picker and what it was made of; the balancer is the one beneath affinity. */
    private record Slot(Wants wants, List<Upstream> upstreams, Balancer balancer, Picker picker) {
    }

    private record Made(Route route, Map<Sources, Slot> slots) {
        boolean is(RouteSpec spec) {
            return route.spec().equals(spec);
        }
    }
}
