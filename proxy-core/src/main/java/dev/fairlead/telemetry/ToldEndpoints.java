package dev.fairlead.telemetry;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.ServicePortName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which endpoints have series of their own: those that something ever happened to, and of these no more than a bound.
 * One that has them keeps them until it has left, so that no series comes and goes; where the bound is reached, those
 * that came later have to wait for a place. Not safe for several threads.
 */
final class ToldEndpoints {
    private final int most;
    private Census census = Census.EMPTY;
    private Map<Upstream, Member> told = new HashMap<>();
    private List<Member> sorted = List.of();
    private long leftOut;

    /**
     * An endpoint with the labels of its series.
     *
     * @param up the labels of bytes from client to endpoint
     * @param down the labels of bytes from endpoint to client
     */
    record Member(Labels labels, Labels up, Labels down, Upstream upstream) {
        private static Member of(Upstream upstream) {
            ServicePortName service = upstream.service();
            Labels labels = Labels.of("endpoint", upstream.address().toString(), "namespace",
                    service.service().namespace(), "port", service.port(), "protocol",
                    service.protocol().toString(), "service", service.service().name());
            return new Member(labels, labels.add("direction", "up"), labels.add("direction", "down"), upstream);
        }
    }

    /** @param most endpoints that are told at a time */
    ToldEndpoints(int most) {
        this.most = most;
    }

    /** In the order of the labels. */
    @SuppressWarnings("ReferenceEquality") // a census of the same endpoints is the same object
    List<Member> of(Census now) {
        Map<Upstream, Member> kept = told;
        if (now != census) {
            kept = new HashMap<>();
            for (Upstream upstream : now.endpoints()) {
                Member member = told.get(upstream);
                if (member != null) {
                    kept.put(upstream, member);
                }
            }
        }
        boolean gone = kept.size() < told.size();
        int before = kept.size();
        leftOut = 0;
        for (Upstream upstream : now.endpoints()) {
            if (!kept.containsKey(upstream) && touched(upstream)) {
                if (kept.size() < most) {
                    kept.put(upstream, Member.of(upstream));
                } else {
                    leftOut++;
                }
            }
        }
        if (gone || kept.size() > before) {
            sorted = kept.values().stream().sorted(Comparator.comparing(Member::labels)).toList();
        }
        told = kept;
        census = now;
        return sorted;
    }

    /** How many had no place the last time, though something has happened to them. */
    long leftOut() {
        return leftOut;
    }

    private static boolean touched(Upstream upstream) {
        return !upstream.counters().untouched() || upstream.inFlight() > 0
                || upstream.gate().state() != Gate.State.ADMITS;
    }
}
