package dev.fairlead.listen;

import dev.fairlead.forward.Sessions;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.OpenFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The open doors. A door knows its address and nothing else: what is behind it is looked up at accept. Any thread. */
public final class Listeners {
    private final DataPath path;
    private final Sessions sessions;
    private final SessionRoom room;
    private final AcceptPause pause;
    private final Map<TransportAddress, Door> doors = new HashMap<>();
    private final AtomicInteger arrived = new AtomicInteger();
    // Beside the map, so that an accept need not lock it.
    private volatile int count;

    /**
     * @param room how many sessions the process's descriptors allow
     */
    public Listeners(DataPath path, Sessions sessions, SessionRoom room) {
        this.path = path;
        this.sessions = sessions;
        this.room = room;
        this.pause = new AcceptPause(path.loops().getFirst(), () -> arrived.get() < room.sessions(count),
                this::applyPause);
        sessions.onStarved(pause::starved);
    }

    /**
     * Opens a door; an open one stays as it is.
     *
     * @throws OpenFailure when the kernel will not
     */
    public void open(TransportAddress frontend) throws OpenFailure {
        synchronized (doors) {
            if (doors.containsKey(frontend)) {
                return;
            }
        }
        switch (frontend.protocol()) {
            case TCP -> openConnections(frontend);
            case UDP -> openDatagrams(frontend);
            case SCTP -> throw new IllegalArgumentException("door: " + frontend + " (expected: TCP or UDP)");
        }
    }

    private void openDatagrams(TransportAddress frontend) throws OpenFailure {
        throw new OpenFailure(frontend.address(), "Protocol not supported");
    }

    private void openConnections(TransportAddress frontend) throws OpenFailure {
        // Outside the lock: a loop that pauses the doors must not wait for the loop that binds this one.
        Door door = path.open(frontend.address(), new Acceptor() {
            @Override
            public void accepted(Connection downstream) {
                sessions.begin(downstream, frontend);
            }

            @Override
            public void arriving() {
                int now = arrived.incrementAndGet();
                if (now >= room.sessions(count)) {
                    pause.full(now);
                }
            }

            @Override
            public void gone() {
                arrived.decrementAndGet();
            }

            @Override
            public void starved(String why) {
                pause.starved(why);
            }
        });
        synchronized (doors) {
            doors.put(frontend, door);
            count = doors.size();
            if (pause.paused()) {
                door.pause();
            }
        }
    }

    /** Closes a door; later clients are refused. Does nothing where it is not open. */
    public void close(TransportAddress frontend) {
        Door door;
        synchronized (doors) {
            door = doors.remove(frontend);
            count = doors.size();
        }
        if (door != null) {
            door.close();
        }
    }

    public void closeAll() {
        for (TransportAddress frontend : open()) {
            close(frontend);
        }
    }

    /** The frontends whose doors are open. */
    public List<TransportAddress> open() {
        synchronized (doors) {
            return doors.keySet().stream().sorted().toList();
        }
    }

    public int count() {
        return count;
    }

    public AcceptPause pause() {
        return pause;
    }

    private void applyPause(boolean paused) {
        synchronized (doors) {
            for (Door door : doors.values()) {
                if (paused) {
                    door.pause();
                } else {
                    door.resume();
                }
            }
        }
    }
}
