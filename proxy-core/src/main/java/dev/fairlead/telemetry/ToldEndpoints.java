package dev.fairlead.telemetry;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.model.ServicePortName;
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

    /** An endpoint with the labels of its series. */
    record Member(LabelText labels, Upstream upstream) {
        private static final Comparator<Member> ORDER = Comparator
                .comparing((Member member) -> member.upstream().service())
                .thenComparing(member -> member.upstream().address());

        private static Member of(Upstream upstream) {
            ServicePortName service = upstream.service();
            return new Member(LabelText.of("endpoint", upstream.address().toString(), "namespace",
                    service.service().namespace(), "port", service.port(), "protocol",
                    service.protocol().toString(), "service", service.service().name()), upstream);
        }
    }

    /** @param most endpoints that are told at a time */
    ToldEndpoints(int most) {
        this.most = most;
    }

    /** In the order of services and addresses. */
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
            sorted = kept.values().stream().sorted(Member.ORDER).toList();
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
