package dev.fairlead.control;

import dev.fairlead.control.Step.CloseListener;
import dev.fairlead.control.Step.FilterListener;
import dev.fairlead.control.Step.HoldAddress;
import dev.fairlead.control.Step.LetGoAddress;
import dev.fairlead.control.Step.OpenListener;
import dev.fairlead.control.Step.PublishTable;
import dev.fairlead.control.Step.RetireUpstream;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.source.DurationText;
import dev.fairlead.source.KnownBalancers;
import dev.fairlead.source.PolicyWord;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.RouteSpec.ShortCircuit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Plans as text. Pure. */
final class PlanText {
    private static final String GAP = "   ";
    // A service of a thousand endpoints should not fill the screen.
    private static final int MOST_ADDRESSES = 8;
    // Here words are only written, never read, so that no balancer need be known.
    private static final List<PolicyWord> POLICY = new PolicyWords(new KnownBalancers() {
        @Override
        public SortedSet<String> names() {
            return Collections.emptySortedSet();
        }

        @Override
        public Optional<String> problem(BalancerChoice choice) {
            return Optional.empty();
        }
    }).all();

    private PlanText() {
    }

    static String of(Plan plan) {
        List<String> lines = new ArrayList<>();
        plan.changes().forEach(change -> lines.add(line(change)));
        plan.steps().forEach(step -> lines.add(line(step)));
        return lines.stream().map(line -> "  " + line + "\n").collect(Collectors.joining());
    }

    private static String line(RouteChange change) {
        return switch (change) {
            case RouteChange.Added(RouteSpec spec) -> "+ " + head(spec, spec.frontends()) + candidates(List.of(), spec)
                    + near(Optional.empty(), spec) + GAP + spec.policy().balancer() + opening(spec);
            case RouteChange.Altered(RouteSpec before, RouteSpec after) -> "~ " + head(after, before.frontends())
                    + candidates(before.candidates(), after) + near(before.shortCircuit(), after)
                    + lasting(before, after) + GAP + balancer(before, after) + settings(before, after);
            case RouteChange.Removed(RouteSpec spec) -> "- " + head(spec, spec.frontends());
        };
    }

    private static String head(RouteSpec spec, List<IpPort> frontendsBefore) {
        String kind = spec.kind() == FrontendKind.CLUSTER_IP ? "" : spec.kind() + " ";
        String was = frontendsBefore.equals(spec.frontends()) ? "" : " (was " + addresses("", frontendsBefore) + ")";
        return spec.service() + " " + spec.service().protocol() + " " + kind + addresses("", spec.frontends()) + was;
    }

    private static String candidates(List<IpPort> before, RouteSpec after) {
        return difference(before, after.candidates())
                + (after.candidates().isEmpty() ? GAP + nobody(after) : "");
    }

    private static String nobody(RouteSpec after) {
        return after.serving().isEmpty() ? "no endpoint" : "no endpoint for newcomers";
    }

    /** Where pods and this node go, if elsewhere than sources outside. */
    private static String near(Optional<ShortCircuit> before, RouteSpec after) {
        List<IpPort> was = before.map(ShortCircuit::candidates).orElse(List.of());
        if (after.shortCircuit().isEmpty()) {
            return before.isEmpty() ? "" : GAP + "pods and this node no longer elsewhere";
        }
        String difference = difference(was, after.shortCircuit().get().candidates());
        return difference.isEmpty() && before.isPresent() ? "" : GAP + "pods and this node" + difference;
    }

    /**
     * Endpoints that flows under way keep though no newcomer is sent there, but for those that take newcomers again.
     */
    private static String lasting(RouteSpec before, RouteSpec after) {
        SortedSet<IpPort> was = new TreeSet<>(before.serving());
        was.removeAll(before.choices());
        was.removeAll(after.choices());
        SortedSet<IpPort> is = new TreeSet<>(after.serving());
        is.removeAll(after.choices());
        String difference = difference(was, is);
        return difference.isEmpty() ? "" : GAP + "flows under way" + difference;
    }

    private static String difference(Collection<IpPort> before, Collection<IpPort> after) {
        SortedSet<IpPort> coming = new TreeSet<>(after);
        coming.removeAll(new TreeSet<>(before));
        SortedSet<IpPort> going = new TreeSet<>(before);
        going.removeAll(new TreeSet<>(after));
        StringBuilder text = new StringBuilder();
        if (!coming.isEmpty()) {
            text.append("  ").append(addresses("+", coming));
        }
        if (!going.isEmpty()) {
            text.append("  ").append(addresses("-", going));
        }
        return text.toString();
    }

    private static String addresses(String sign, Collection<IpPort> addresses) {
        String text = addresses.stream().limit(MOST_ADDRESSES).map(address -> sign + address)
                .collect(Collectors.joining(" "));
        int more = addresses.size() - MOST_ADDRESSES;
        return more > 0 ? text + " (" + sign + more + " more)" : text;
    }

    private static String balancer(RouteSpec before, RouteSpec after) {
        return arrow(before.policy().balancer().toString(), after.policy().balancer().toString());
    }

    /** What a reader of a new route should know beside its balancer. */
    private static String opening(RouteSpec spec) {
        String affinity = spec.affinity().equals(SessionAffinity.NONE)
                ? ""
                : GAP + "affinity " + affinity(spec.affinity());
        return affinity + (spec.sourceRanges().isEmpty() ? "" : GAP + "from " + ranges(spec.sourceRanges()));
    }

    private static String settings(RouteSpec before, RouteSpec after) {
        StringBuilder text = new StringBuilder();
        if (!before.affinity().equals(after.affinity())) {
            text.append(GAP).append("affinity ").append(arrow(affinity(before.affinity()), affinity(after.affinity())));
        }
        if (!before.sourceRanges().equals(after.sourceRanges())) {
            text.append(GAP).append("from ").append(arrow(ranges(before.sourceRanges()), ranges(after.sourceRanges())));
        }
        for (PolicyWord word : POLICY) {
            String was = word.show().apply(before.policy());
            String is = word.show().apply(after.policy());
            if (!word.key().equals("balancer") && !was.equals(is)) {
                text.append(GAP).append(word.key()).append(' ').append(arrow(was, is));
            }
        }
        return text.toString();
    }

    private static String arrow(String before, String after) {
        return before.equals(after) ? after : before + " -> " + after;
    }

    private static String affinity(SessionAffinity affinity) {
        return switch (affinity) {
            case SessionAffinity.None() -> "None";
            case SessionAffinity.ClientIp(var timeout) -> "ClientIP " + DurationText.format(timeout);
        };
    }

    private static String ranges(List<Cidr> ranges) {
        return ranges.isEmpty()
                ? "everywhere"
                : ranges.stream().map(Cidr::toString).collect(Collectors.joining(" "));
    }

    private static String line(Step step) {
        return switch (step) {
            case PublishTable _,RetireUpstream _ -> step.what();
            case OpenListener(_, SourceFilter filter, String why) ->
                step.what() + GAP + why + (filter.equals(SourceFilter.EVERYBODY) ? "" : GAP + "takes " + filter);
            case FilterListener(_, SourceFilter filter) -> step.what() + GAP + "takes " + filter;
            case HoldAddress(_, String why) -> step.what() + GAP + why;
            case CloseListener(_, String why) -> step.what() + GAP + why;
            case LetGoAddress(_, String why) -> step.what() + GAP + why;
        };
    }
}
