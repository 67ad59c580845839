package dev.fairlead.control;

import dev.fairlead.control.Step.CloseListener;
import dev.fairlead.control.Step.FilterListener;
import dev.fairlead.control.Step.HoldAddress;
import dev.fairlead.control.Step.LetGoAddress;
import dev.fairlead.control.Step.OpenListener;
import dev.fairlead.control.Step.PublishTable;
import dev.fairlead.control.Step.RetireUpstream;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What must change so that the world becomes what a snapshot says. Pure: the same world and snapshot make the same
 * plan, and planning again after a plan was done makes an empty one.
 */
final class Planner {
    private Planner() {
    }

    /** The plan; empty where nothing that clients could notice is altered. */
    static Plan plan(World world, ServiceSnapshot desired) {
        return plan(world, RouteSpecs.of(desired));
    }

    /** The plan for the routes that a snapshot wants. Specs that are the same objects cost one look. */
    static Plan plan(World world, List<RouteSpec> specs) {
        List<RouteChange> changes = changes(world.specs(), specs);
        List<Step> steps = new ArrayList<>();
        if (!changes.isEmpty()) {
            steps.add(new PublishTable(specs));
        }
        doors(world, specs, changes, steps);
        steps.addAll(retirements(world.specs(), specs, changes));
        return new Plan(changes, steps);
    }

    /**
     * A service without any endpoint has no door, so that the kernel refuses its clients at once; its addresses stay
     * this machine's, which is who refuses. Where the doors were as the routes wanted them, only the routes that change
     * can want others: no two share a door.
     */
    private static void doors(World world, List<RouteSpec> specs, List<RouteChange> changes, List<Step> steps) {
        Map<TransportAddress, RouteSpec> before = new HashMap<>();
        SortedMap<TransportAddress, RouteSpec> after = new TreeMap<>();
        if (world.settled()) {
            for (RouteChange change : changes) {
                change.before().ifPresent(spec -> own(spec, before));
                change.after().ifPresent(spec -> own(spec, after));
            }
        } else {
            world.specs().forEach(spec -> own(spec, before));
            specs.forEach(spec -> own(spec, after));
        }
        SortedMap<TransportAddress, RouteSpec> open = new TreeMap<>(after);
        open.values().removeIf(spec -> !spec.opens());
        after.forEach((door, spec) -> {
            if (isHeld(spec) && !world.held().contains(door)) {
                steps.add(new HoldAddress(door, spec.service() + " has no endpoint"));
            }
        });
        open.forEach((door, spec) -> {
            if (!world.doors().containsKey(door)) {
                steps.add(new OpenListener(door, spec.filter(), whyOpen(spec, Optional.ofNullable(before.get(door)))));
            }
        });
        open.forEach((door, spec) -> {
            SourceFilter filter = world.doors().get(door);
            if (filter != null && !filter.equals(spec.filter())) {
                steps.add(new FilterListener(door, spec.filter()));
            }
        });
        suspects(world, world.doors().keySet(), before).filter(door -> !open.containsKey(door))
                .forEach(door -> steps.add(new CloseListener(door, whyClose(Optional.ofNullable(before.get(door)),
                        Optional.ofNullable(after.get(door)), specs))));
        suspects(world, world.held(), before).filter(door -> !open.containsKey(door))
                .filter(door -> Optional.ofNullable(after.get(door)).filter(Planner::isHeld).isEmpty())
                .forEach(door -> steps.add(new LetGoAddress(door,
                        whyClose(Optional.ofNullable(before.get(door)), Optional.ofNullable(after.get(door)), specs))));
    }

    /** The address of a node port is the node's own, whatever becomes of the door. */
    private static boolean isHeld(RouteSpec spec) {
        return !spec.opens() && spec.kind() != FrontendKind.NODE_PORT;
    }

    /** Of what there is, in order, that which may have to go. */
    private static Stream<TransportAddress> suspects(World world, Set<TransportAddress> there,
            Map<TransportAddress, RouteSpec> before) {
        return (world.settled() ? before.keySet().stream().filter(there::contains) : there.stream()).sorted();
    }

    private static void own(RouteSpec spec, Map<TransportAddress, RouteSpec> owners) {
        spec.doors().forEach(door -> owners.put(door, spec));
    }

    /** Both lists are sorted alike, so that one walk over both finds what differs. */
    @SuppressWarnings("ReferenceEquality")
    private static List<RouteChange> changes(List<RouteSpec> before, List<RouteSpec> after) {
        List<RouteChange> changes = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i) == after.get(j)) {
                i++;
                j++;
                continue;
            }
            int order = i == before.size() ? 1 : j == after.size() ? -1 : compare(before.get(i), after.get(j));
            if (order < 0) {
                changes.add(new RouteChange.Removed(before.get(i++)));
            } else if (order > 0) {
                changes.add(new RouteChange.Added(after.get(j++)));
            } else {
                RouteSpec was = before.get(i++);
                RouteSpec is = after.get(j++);
                if (!was.equals(is)) {
                    changes.add(new RouteChange.Altered(was, is));
                }
            }
        }
        return changes;
    }

    private static int compare(RouteSpec one, RouteSpec other) {
        int byService = one.service().compareTo(other.service());
        return byService != 0 ? byService : one.kind().compareTo(other.kind());
    }

    private static String whyOpen(RouteSpec wanted, Optional<RouteSpec> was) {
        if (was.isEmpty()) {
            return wanted.service() + " is new here";
        }
        return was.get().opens()
                ? wanted.service() + ", once more: it did not open before"
                : wanted.service() + " has an endpoint again";
    }

    private static String whyClose(Optional<RouteSpec> was, Optional<RouteSpec> wanted, List<RouteSpec> specs) {
        if (wanted.isPresent()) {
            return wanted.get().service() + " has no endpoint";
        }
        if (was.isEmpty()) {
            return "no service is here";
        }
        ServicePortName service = was.get().service();
        return RouteSpecs.of(specs, service).isEmpty() ? service + " is gone" : service + " left this address";
    }

    /** Only a service port that is changed can lose an endpoint; the many that are not need no look. */
    private static SortedSet<RetireUpstream> retirements(List<RouteSpec> before, List<RouteSpec> after,
            List<RouteChange> changes) {
        if (changes.isEmpty()) {
            return Collections.emptySortedSet();
        }
        SortedSet<RetireUpstream> leaving = new TreeSet<>(
                Comparator.comparing(RetireUpstream::service).thenComparing(RetireUpstream::endpoint));
        changes.stream().map(RouteChange::service).distinct().forEach(service -> {
            SortedSet<IpPort> endpoints = endpoints(before, service);
            endpoints.removeAll(endpoints(after, service));
            endpoints.forEach(endpoint -> leaving.add(new RetireUpstream(service, endpoint)));
        });
        return leaving;
    }

    private static SortedSet<IpPort> endpoints(List<RouteSpec> specs, ServicePortName service) {
        SortedSet<IpPort> endpoints = new TreeSet<>();
        RouteSpecs.of(specs, service).forEach(spec -> endpoints.addAll(spec.endpoints()));
        return endpoints;
    }
}
