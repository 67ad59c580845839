package dev.fairlead.listen;

import dev.fairlead.forward.Sessions;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.DatagramDoor;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.DoorPlace;
import dev.fairlead.transport.OpenFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final VipBinder vips;
    private final Map<TransportAddress, TcpDoor> doors = new HashMap<>();
    private final Map<TransportAddress, UdpDoor> datagramDoors = new HashMap<>();
    private final AtomicInteger arrived = new AtomicInteger();
    // Beside the maps, so that an accept need not lock them.
    private volatile int count;
    private volatile int descriptors;

    /**
     * @param room how many sessions the process's descriptors allow
     * @param inheritance sockets that listen already, for the doors that want them
     * @param vips makes addresses this machine's before a door opens at them
     */
    public Listeners(DataPath path, Sessions sessions, SessionRoom room, Inheritance inheritance, VipBinder vips) {
        this.vips = vips;
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
                Lease lease = vips.acquire(frontend);
                Welcome welcome = new Welcome(frontend, lease);
                Door door = door(frontend, filter, welcome);
                vips.opened(frontend, door.address());
                synchronized (doors) {
                    doors.put(frontend, new TcpDoor(door, welcome));
                    recount();
                    if (pause.paused()) {
                        door.pause();
                    }
                }
            }
            case UDP -> {
                Lease lease = vips.acquire(frontend);
                DatagramDoor door = open(lease,
                        place -> path.openDatagrams(place, flow -> sessions.begin(flow, frontend)));
                vips.opened(frontend, door.address());
                synchronized (doors) {
                    datagramDoors.put(frontend, new UdpDoor(door, lease));
                    recount();
                }
            }
            case SCTP -> throw new OpenFailure(frontend.address(), "Protocol not supported");
        }
    }

    private Door door(TransportAddress frontend, SourceFilter filter, Welcome welcome) throws OpenFailure {
        OptionalInt inherited = inheritance.take(frontend);
        return open(welcome.lease, place -> inherited.isPresent()
                ? path.adopt(inherited.getAsInt(), frontend.address(), filter, welcome)
                : path.open(place, filter, welcome));
    }

    /** The listening sockets of the TCP doors that are open; they are valid while those are. */
    Map<TransportAddress, Integer> sockets() {
        Map<TransportAddress, Integer> sockets = new TreeMap<>();
        synchronized (doors) {
            doors.forEach((frontend, one) -> one.door().descriptor().ifPresent(fd -> sockets.put(frontend, fd)));
        }
        return sockets;
    }

    /**
     * Makes an open TCP door take others than before.
     *
     * @throws OpenFailure when the kernel will not
     */
    public void filter(TransportAddress frontend, SourceFilter filter) throws OpenFailure {
        TcpDoor one;
        synchronized (doors) {
            one = doors.get(frontend);
        }
        if (one != null) {
            one.door().filter(filter);
        }
    }

    /** Opens a door of one kind or the other. */
    @FunctionalInterface
    private interface Opening<D> {
        D at(DoorPlace place) throws OpenFailure;
    }

    /** At the first place that is to be had; else the first one's reason counts. */
    private static <D> D open(Lease lease, Opening<D> opening) throws OpenFailure {
        Optional<OpenFailure> refused = Optional.empty();
        for (DoorPlace place : lease.places()) {
            try {
                return opening.at(place);
            } catch (OpenFailure failure) {
                refused = refused.or(() -> Optional.of(failure));
            } catch (RuntimeException | Error defect) {
                lease.release();
                throw defect;
            }
        }
        lease.release();
        throw refused.orElseThrow();
    }

    private record TcpDoor(Door door, Welcome welcome) {
    }

    private record UdpDoor(DatagramDoor door, Lease lease) {
    }

    /** Who takes the connections of one door, and keeps its address until the last of them has ended. */
    private final class Welcome implements Acceptor {
        private final TransportAddress frontend;
        private final Lease lease;
        // Connections that came through, and the door itself.
        private final AtomicInteger users = new AtomicInteger(1);

        Welcome(TransportAddress frontend, Lease lease) {
            this.frontend = frontend;
            this.lease = lease;
        }

        /** The door is closed. Not on a loop. */
        void closed() {
            if (users.decrementAndGet() == 0) {
                lease.release();
            }
        }

        @Override
        public void accepted(Connection downstream) {
            sessions.begin(downstream, frontend);
        }

        @Override
        public void arriving() {
            users.incrementAndGet();
            int now = arrived.incrementAndGet();
            if (now >= mostConnections()) {
                pause.full(now);
            }
        }

        @Override
        public void gone() {
            arrived.decrementAndGet();
            if (users.decrementAndGet() == 0 && lease.costs()) {
                Thread.ofPlatform().daemon().name("fairlead-release").start(lease::release);
            }
        }

        @Override
        public void starved(String why) {
            pause.starved(why);
        }
    }

    /** Closes a door; later clients are refused. Does nothing where it is not open. */
    public void close(TransportAddress frontend) {
        TcpDoor door;
        UdpDoor datagramDoor;
        synchronized (doors) {
            door = doors.remove(frontend);
            datagramDoor = datagramDoors.remove(frontend);
            recount();
        }
        if (door != null) {
            door.door().close();
            door.welcome().closed();
        }
        if (datagramDoor != null) {
            datagramDoor.door().close();
            datagramDoor.lease().release();
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
            for (TcpDoor one : doors.values()) {
                if (paused) {
                    one.door().pause();
                } else {
                    one.door().resume();
                }
            }
        }
    }
}
