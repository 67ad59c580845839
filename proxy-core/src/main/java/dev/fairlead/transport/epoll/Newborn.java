package dev.fairlead.transport.epoll;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Most connections are made in a moment and over in another. What only matters to those that take longer, the connect
 * timeout and keepalive, is looked after by one timer for all of them, so that the others pay for none. Confined to its
 * loop.
 */
final class Newborn {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final EpollLoop loop;
    private final List<EpollDial> dials = new ArrayList<>();
    private List<EpollConnection> young = new ArrayList<>();
    private List<EpollConnection> old = new ArrayList<>();
    private boolean looking;

    Newborn(EpollLoop loop) {
        this.loop = loop;
    }

    /** Gives the dial up when its time is over, at most one look too late. */
    void add(EpollDial dial) {
        dials.add(dial);
        lookLater();
    }

    /** Tells the connection when it has lived for more than one look. */
    void add(EpollConnection connection) {
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
        old.forEach(EpollConnection::livesOn);
        old.clear();
        List<EpollConnection> emptied = old;
        old = young;
        young = emptied;
        if (!dials.isEmpty()) {
            long now = System.nanoTime();
            List<EpollDial> late = new ArrayList<>();
            dials.removeIf(dial -> dial.over() || (dial.late(now) && late.add(dial)));
            late.forEach(EpollDial::timedOut); // these may begin others
        }
        if (!old.isEmpty() || !dials.isEmpty()) {
            lookLater();
        }
    }
}
