package dev.fairlead.listen;

import dev.fairlead.forward.Sessions;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.DatagramDoor;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.OpenFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The open doors. A door knows its frontend and nothing else: what is behind it is looked up when somebody comes. Any
 * thread.
 */
public final class Listeners {
    private final DataPath path;
    private final Sessions sessions;
    private final SessionRoom room;
    private final AcceptPause pause;
    private final Inheritance inheritance;
    private final Map<TransportAddress, Door> doors = new HashMap<>();
    private final Map<TransportAddress, DatagramDoor> datagramDoors = new HashMap<>();
    private final AtomicInteger arrived = new AtomicInteger();
    // Beside the maps, so that an accept need not lock them.
    private volatile int count;
    private volatile int descriptors;

    /**
     * @param room how many sessions the process's descriptors allow
     * @param inheritance sockets that listen already, for the doors that want them
     */
    public Listeners(DataPath path, Sessions sessions, SessionRoom room, Inheritance inheritance) {
        this.path = path;
        this.sessions = sessions;
        this.room = room;
        this.inheritance = inheritance;
        this.pause = new AcceptPause(path.loops().getFirst(), () -> arrived.get() < mostConnections(),
                this::applyPause);
        sessions.onStarved(pause::starved);
        sessions.mostFlows(room.flows());
    }

    private int mostConnections() {
        return room.connections(descriptors + sessions.flows());
    }

    /**
     * Opens a door; an open one stays as it is.
     *
     * @param frontend of TCP or UDP
     * @param filter whom a TCP door takes
     * @throws OpenFailure when the kernel will not
     */
    public void open(TransportAddress frontend, SourceFilter filter) throws OpenFailure {
        synchronized (doors) {
            if (doors.containsKey(frontend) || datagramDoors.containsKey(frontend)) {
                return;
            }
        }
        // Outside the lock: a loop that pauses the doors must not wait for the loop that binds this one.
        switch (frontend.protocol()) {
            case TCP -> {
                Door door = door(frontend, filter);
                synchronized (doors) {
                    doors.put(frontend, door);
                    recount();
                    if (pause.paused()) {
                        door.pause();
                    }
                }
            }
            case UDP -> {
                DatagramDoor door = path.openDatagrams(frontend.address(), flow -> sessions.begin(flow, frontend));
                synchronized (doors) {
                    datagramDoors.put(frontend, door);
                    recount();
                }
            }
            case SCTP -> throw new OpenFailure(frontend.address(), "Protocol not supported");
        }
    }

    private Door door(TransportAddress frontend, SourceFilter filter) throws OpenFailure {
        OptionalInt inherited = inheritance.take(frontend);
        return inherited.isPresent()
                ? path.adopt(inherited.getAsInt(), frontend.address(), filter, new Welcome(frontend))
                : path.open(frontend.address(), filter, new Welcome(frontend));
    }

    /** The listening sockets of the TCP doors that are open; they are valid while those are. */
    Map<TransportAddress, Integer> sockets() {
        Map<TransportAddress, Integer> sockets = new TreeMap<>();
        synchronized (doors) {
            doors.forEach((frontend, door) -> door.descriptor().ifPresent(fd -> sockets.put(frontend, fd)));
        }
        return sockets;
    }

    /**
     * Makes an open TCP door take others than before.
     *
     * @throws OpenFailure when the kernel will not
     */
    public void filter(TransportAddress frontend, SourceFilter filter) throws OpenFailure {
        Door door;
        synchronized (doors) {
            door = doors.get(frontend);
        }
        if (door != null) {
            door.filter(filter);
        }
    }

    /** Who takes the connections of one door. */
    private final class Welcome implements Acceptor {
        private final TransportAddress frontend;

        Welcome(TransportAddress frontend) {
            this.frontend = frontend;
        }

        @Override
        public void accepted(Connection downstream) {
            sessions.begin(downstream, frontend);
        }

        @Override
        public void arriving() {
            int now = arrived.incrementAndGet();
            if (now >= mostConnections()) {
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
    }

    /** Closes a door; later clients are refused. Does nothing where it is not open. */
    public void close(TransportAddress frontend) {
        Door door;
        DatagramDoor datagramDoor;
        synchronized (doors) {
            door = doors.remove(frontend);
            datagramDoor = datagramDoors.remove(frontend);
            recount();
        }
        if (door != null) {
            door.close();
        }
        if (datagramDoor != null) {
            datagramDoor.close();
        }
    }

    private void recount() {
        count = doors.size() + datagramDoors.size();
        descriptors = doors.size() + datagramDoors.size() * path.loops().size();
    }

    public void closeAll() {
        for (TransportAddress frontend : open()) {
            close(frontend);
        }
    }

    /** The frontends whose doors are open. */
    public List<TransportAddress> open() {
        synchronized (doors) {
            return Stream.concat(doors.keySet().stream(), datagramDoors.keySet().stream()).sorted().toList();
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
