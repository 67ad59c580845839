package dev.fairlead.admin;

import dev.fairlead.balance.Upstream;
import dev.fairlead.balance.UpstreamCounters;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.table.Route;
import dev.fairlead.telemetry.Json;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What went through each second of the last ten minutes. Confined to the admin thread. */
final class Samples {
    private static final int MOST = 600;

    /**
     * One second.
     *
     * @param atSeconds since 1970
     * @param opened connections and flows that began within the second
     * @param failed those that ended within it before anything was relayed
     * @param loopLagMicros how long a task waited for the slowest event loop
     */
    record Sample(long atSeconds, long open, long opened, long failed, long bytesUp, long bytesDown,
            long loopLagMicros, long descriptors) {
        void write(Json json) {
            json.beginArray();
            for (long value : new long[]{atSeconds, open, opened, failed, bytesUp, bytesDown, loopLagMicros,
                    descriptors}) {
                json.value(value);
            }
            json.endArray();
        }
    }

    private record Totals(long open, long ended, long failed, long bytesUp, long bytesDown) {
    }

    private final Observed observed;
    private final Deque<Sample> kept = new ArrayDeque<>();
    private Totals before;
    private Sample now = new Sample(0, 0, 0, 0, 0, 0, 0, 0);

    Samples(Observed observed) {
        this.observed = observed;
        this.before = totals();
    }

    /** Called once a second. */
    void take() {
        Totals after = totals();
        long opened = after.ended - before.ended + after.open - before.open;
        // Bytes of endpoints that were forgotten are forgotten too.
        now = new Sample(observed.inside().ticker().epochMillis() / 1_000, after.open, Math.max(0, opened),
                after.failed - before.failed, Math.max(0, after.bytesUp - before.bytesUp),
                Math.max(0, after.bytesDown - before.bytesDown), observed.liveness().lagNanos() / 1_000,
                observed.about().descriptors().get());
        before = after;
        kept.addLast(now);
        if (kept.size() > MOST) {
            kept.removeFirst();
        }
    }

    Sample now() {
        return now;
    }

    /** Oldest first. */
    List<Sample> history() {
        return List.copyOf(kept);
    }

    private Totals totals() {
        long[] ended = new long[2];
        observed.inside().meters().forEach((how, count) -> {
            ended[0] += count;
            if (how.phase() != Phase.RELAY) {
                ended[1] += count;
            }
        });
        long up = 0;
        long down = 0;
        // An endpoint may be in several routes of its service port.
        Set<Upstream> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Route route : observed.table().current().routes()) {
            for (Upstream upstream : route.upstreams()) {
                UpstreamCounters counters = upstream.counters();
                long bytesUp = counters.bytesUp();
                long bytesDown = counters.bytesDown();
                if ((bytesUp > 0 || bytesDown > 0) && seen.add(upstream)) {
                    up += bytesUp;
                    down += bytesDown;
                }
            }
        }
        return new Totals(observed.inside().open().getAsInt(), ended[0], ended[1], up, down);
    }
}
