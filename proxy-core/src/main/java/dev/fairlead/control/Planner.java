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
        for (Map.Entry<IpPort, RouteSpec> wanted : after.entrySet()) {
            if (opens(wanted.getValue()) && !world.doors().contains(wanted.getKey())) {
                steps.add(new OpenListener(wanted.getKey(), whyOpen(wanted.getKey(), wanted.getValue(), before)));
            }
        }
        for (IpPort door : new TreeSet<>(world.doors())) {
            Optional<RouteSpec> wanted = Optional.ofNullable(after.get(door));
            if (!wanted.filter(Planner::opens).isPresent()) {
                steps.add(new CloseListener(door, whyClose(Optional.ofNullable(before.get(door)), wanted, specs)));
            }
        }
        SortedSet<RetireUpstream> leaving = upstreams(world.specs());
        leaving.removeAll(upstreams(specs));
        steps.addAll(leaving);
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
        Map<IpPort, RouteSpec> owners = new TreeMap<>();
        for (RouteSpec spec : specs) {
            spec.frontends().forEach(frontend -> owners.put(frontend, spec));
        }
        return owners;
    }

    private static String whyOpen(IpPort door, RouteSpec wanted, Map<IpPort, RouteSpec> before) {
        Optional<RouteSpec> was = Optional.ofNullable(before.get(door));
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

    private static SortedSet<RetireUpstream> upstreams(List<RouteSpec> specs) {
        SortedSet<RetireUpstream> upstreams = new TreeSet<>(
                Comparator.comparing(RetireUpstream::service).thenComparing(RetireUpstream::endpoint));
        for (RouteSpec spec : specs) {
            spec.candidates().forEach(endpoint -> upstreams.add(new RetireUpstream(spec.service(), endpoint)));
        }
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
