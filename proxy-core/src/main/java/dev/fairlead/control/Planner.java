package dev.fairlead.control;

import dev.fairlead.control.Step.CloseListener;
import dev.fairlead.control.Step.OpenListener;
import dev.fairlead.control.Step.PublishTable;
import dev.fairlead.control.Step.RetireUpstream;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.table.RouteSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What must change so that the world becomes what a snapshot says. Pure: the same world and snapshot make the same
 * plan, and planning again after a plan was done makes an empty one.
 */
public final class Planner {
    private Planner() {
    }

    /** The plan; empty where nothing that clients could notice is altered. */
    public static Plan plan(World world, ServiceSnapshot desired) {
        List<RouteSpec> specs = RouteSpecs.of(desired);
        List<RouteChange> changes = changes(world.specs(), specs);
        Map<IpPort, RouteSpec> before = byFrontend(world.specs());
        Map<IpPort, RouteSpec> after = byFrontend(specs);
        List<Step> steps = new ArrayList<>();
        if (!changes.isEmpty()) {
            steps.add(new PublishTable(specs));
        }
        after.entrySet().stream().filter(door -> opens(door.getValue()) && !world.doors().contains(door.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(door -> steps.add(new OpenListener(door.getKey(),
                        whyOpen(door.getValue(), Optional.ofNullable(before.get(door.getKey()))))));
        world.doors().stream().filter(door -> Optional.ofNullable(after.get(door)).filter(Planner::opens).isEmpty())
                .sorted().forEach(door -> steps.add(new CloseListener(door, whyClose(
                        Optional.ofNullable(before.get(door)), Optional.ofNullable(after.get(door)), specs))));
        steps.addAll(retirements(world.specs(), specs, changes));
        return new Plan(changes, newlyUnserved(world, desired), steps);
    }

    /** A service without a usable endpoint has no door, so that the kernel refuses its clients at once. */
    private static boolean opens(RouteSpec spec) {
        return !spec.candidates().isEmpty();
    }

    private static List<RouteChange> changes(List<RouteSpec> before, List<RouteSpec> after) {
        Map<Identity, RouteSpec> old = new HashMap<>();
        before.forEach(spec -> old.put(Identity.of(spec), spec));
        Map<Identity, RouteChange> changes = new TreeMap<>();
        for (RouteSpec spec : after) {
            Optional<RouteSpec> was = Optional.ofNullable(old.remove(Identity.of(spec)));
            if (was.isEmpty()) {
                changes.put(Identity.of(spec), new RouteChange.Added(spec));
            } else if (!was.get().equals(spec)) {
                changes.put(Identity.of(spec), new RouteChange.Altered(was.get(), spec));
            }
        }
        old.forEach((identity, spec) -> changes.put(identity, new RouteChange.Removed(spec)));
        return List.copyOf(changes.values());
    }

    private static Map<IpPort, RouteSpec> byFrontend(List<RouteSpec> specs) {
        Map<IpPort, RouteSpec> owners = new HashMap<>();
        for (RouteSpec spec : specs) {
            spec.frontends().forEach(frontend -> owners.put(frontend, spec));
        }
        return owners;
    }

    private static String whyOpen(RouteSpec wanted, Optional<RouteSpec> was) {
        if (was.isEmpty()) {
            return wanted.service() + " is new here";
        }
        return opens(was.get())
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
        return specs.stream().anyMatch(spec -> spec.service().equals(service))
                ? service + " left this address"
                : service + " is gone";
    }

    /** Only a service port that is changed can lose an endpoint; the many that are not need no look. */
    private static SortedSet<RetireUpstream> retirements(List<RouteSpec> before, List<RouteSpec> after,
            List<RouteChange> changes) {
        Set<ServicePortName> changed = changes.stream().map(RouteChange::service).collect(Collectors.toSet());
        SortedSet<RetireUpstream> leaving = upstreams(before, changed);
        leaving.removeAll(upstreams(after, changed));
        return leaving;
    }

    private static SortedSet<RetireUpstream> upstreams(List<RouteSpec> specs, Set<ServicePortName> services) {
        SortedSet<RetireUpstream> upstreams = new TreeSet<>(
                Comparator.comparing(RetireUpstream::service).thenComparing(RetireUpstream::endpoint));
        specs.stream().filter(spec -> services.contains(spec.service())).forEach(spec -> spec.candidates()
                .forEach(endpoint -> upstreams.add(new RetireUpstream(spec.service(), endpoint))));
        return upstreams;
    }

    private static List<UnservedPort> newlyUnserved(World world, ServiceSnapshot desired) {
        Set<UnservedPort> said = new HashSet<>(world.unserved());
        return RouteSpecs.unserved(desired).stream().filter(port -> !said.contains(port)).toList();
    }

    /** What makes two specs the same one, changed. */
    private record Identity(ServicePortName service, FrontendKind kind) implements Comparable<Identity> {
        private static final Comparator<Identity> ORDER = Comparator.comparing(Identity::service)
                .thenComparing(Identity::kind);

        static Identity of(RouteSpec spec) {
            return new Identity(spec.service(), spec.kind());
        }

        @Override
        public int compareTo(Identity other) {
            return ORDER.compare(this, other);
        }
    }
}
