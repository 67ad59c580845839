package dev.fairlead.transport.uring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens only to connections and dials that take longer than most: one timer looks at all of them, so that the
 * others pay for none. Confined to its loop.
 */
final class SlowOnes {
    private static final Duration LOOK = Duration.ofMillis(25);

    private final UringLoop loop;
    private final List<UringDial> dials = new ArrayList<>();
    private List<UringConnection> young = new ArrayList<>();
    private List<UringConnection> old = new ArrayList<>();
    private boolean looking;

    SlowOnes(UringLoop loop) {
        this.loop = loop;
    }

    /** Gives the dial up when its time is over. */
    void add(UringDial dial) {
        dials.add(dial);
        lookLater();
    }

    /** Tells the connection when it lives longer than a short moment. */
    void add(UringConnection connection) {
        young.add(connection);
        lookLater();
    }

    private void lookLater() {
        if (!looking) {
            looking = true;
            loop.schedule(LOOK, this::look);
        }
    }

    private void look() {
        looking = false;
        old.forEach(UringConnection::livesOn);
        old.clear();
        List<UringConnection> emptied = old;
        old = young;
        young = emptied;
        if (!dials.isEmpty()) {
            long now = System.nanoTime();
            List<UringDial> late = new ArrayList<>();
            dials.removeIf(dial -> dial.over() || (dial.late(now) && late.add(dial)));
            late.forEach(UringDial::timedOut); // these may begin others
        }
        if (!old.isEmpty() || !dials.isEmpty()) {
            lookLater();
        }
    }
}
