package dev.fairlead.transport.linux;

import dev.fairlead.transport.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Most connections are made in a moment and over in another. What matters only to those that take longer, such as the
 * connect timeout and keepalive, is looked after by one timer for all of them, so that the others pay for none.
 * Confined to its loop.
 */
public final class SlowOnes {
    /** A dial that must not take for ever. */
    public interface Attempt {
        /** Whether its outcome is known, or nobody wants it any more. */
        boolean over();

        /** Whether its time is over; nanoseconds of {@link System#nanoTime}. */
        boolean late(long nowNanos);

        /** Its time is over. May begin other attempts. */
        void timedOut();
    }

    /** A connection that may be gone before anybody looks. */
    public interface Lasting {
        /** A look has passed since it was added, or two; it may be closed by now. */
        void livesOn();
    }

    private final Loop loop;
    private final Duration look;
    private final List<Attempt> attempts = new ArrayList<>();
    private List<Lasting> young = new ArrayList<>();
    private List<Lasting> old = new ArrayList<>();
    private boolean looking;

    /**
     * Looks at nothing yet.
     *
     * @param look how often it looks while there is something to look at
     */
    public SlowOnes(Loop loop, Duration look) {
        this.loop = loop;
        this.look = look;
    }

    /** Gives the attempt up when its time is over, at most one look too late. */
    public void add(Attempt attempt) {
        attempts.add(attempt);
        lookLater();
    }

    /** Tells the connection when it has lived for more than one look. */
    public void add(Lasting connection) {
        young.add(connection);
        lookLater();
    }

    private void lookLater() {
        if (!looking) {
            looking = true;
            loop.schedule(look, this::look);
        }
    }

    private void look() {
        looking = false;
        old.forEach(Lasting::livesOn);
        old.clear();
        List<Lasting> emptied = old;
        old = young;
        young = emptied;
        if (!attempts.isEmpty()) {
            long now = System.nanoTime();
            List<Attempt> late = new ArrayList<>();
            attempts.removeIf(attempt -> attempt.over() || (attempt.late(now) && late.add(attempt)));
            late.forEach(Attempt::timedOut);
        }
        if (!old.isEmpty() || !attempts.isEmpty()) {
            lookLater();
        }
    }
}
