package dev.fairlead.telemetry;

import dev.fairlead.forward.SessionObserver;
import dev.fairlead.forward.SessionSummary;
import dev.fairlead.model.Termination;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ObjLongConsumer;

/** Counts how connections ended, over all services together. One array access per connection; any thread. */
public final class SessionMeters implements SessionObserver {
    private static final Side[] SIDES = Side.values();
    private static final Phase[] PHASES = Phase.values();
    private static final Cause[] CAUSES = Cause.values();

    private final LongAdder[] ended = new LongAdder[SIDES.length * PHASES.length * CAUSES.length];

    public SessionMeters() {
        for (int i = 0; i < ended.length; i++) {
            ended[i] = new LongAdder();
        }
    }

    @Override
    public void ended(SessionSummary summary) {
        ended[index(summary.termination())].increment();
    }

    /** Connections that ended so. */
    public long count(Termination termination) {
        return ended[index(termination)].sum();
    }

    /** Every way in which a connection has ended so far, with how many did; ordered by side, phase and cause. */
    public void forEach(ObjLongConsumer<Termination> reader) {
        for (int i = 0; i < ended.length; i++) {
            long count = ended[i].sum();
            if (count > 0) {
                reader.accept(new Termination(SIDES[i / (PHASES.length * CAUSES.length)],
                        PHASES[i / CAUSES.length % PHASES.length], CAUSES[i % CAUSES.length]), count);
            }
        }
    }

    private static int index(Termination termination) {
        return (termination.side().ordinal() * PHASES.length + termination.phase().ordinal()) * CAUSES.length
                + termination.cause().ordinal();
    }
}
