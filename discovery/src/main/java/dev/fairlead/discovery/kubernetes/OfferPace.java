package dev.fairlead.discovery.kubernetes;

import java.util.OptionalLong;

/** When what has changed is offered. Times are the ticker's nanoseconds. One thread. */
final class OfferPace {
    private final long quiet;
    private final long atMost;
    private boolean waiting;
    private long first;
    private long latest;
    private boolean offered;
    private long last;

    OfferPace(Coalescing coalescing) {
        this.quiet = coalescing.quiet().toNanos();
        this.atMost = coalescing.atMost().toNanos();
    }

    /** Something has changed. */
    void changed(long now) {
        if (!waiting) {
            waiting = true;
            first = now;
        }
        latest = now;
    }

    /** Everything that has changed is taken care of. */
    void settled(long now) {
        waiting = false;
        offered = true;
        last = now;
    }

    /** When the next offer is due; empty where nothing waits for one. */
    OptionalLong due() {
        if (!waiting) {
            return OptionalLong.empty();
        }
        if (!offered || first - last >= quiet) {
            return OptionalLong.of(first);
        }
        long bound = first + atMost;
        long calm = latest + quiet;
        return OptionalLong.of(calm - bound < 0 ? calm : bound);
    }
}
