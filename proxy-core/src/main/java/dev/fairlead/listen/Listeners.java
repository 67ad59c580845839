package dev.fairlead.listen;

import dev.fairlead.forward.FlowInHand;
import dev.fairlead.forward.Sessions;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.DatagramAcceptor;
import dev.fairlead.transport.DatagramDoor;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.DoorPlace;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.bpf.Steering;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Optional<OneDoor> oneDoor;
    private final Map<TransportAddress, TcpDoor> doors = new HashMap<>();
    private final DatagramDoors datagramDoors;
    // Of the frontends behind the one door whose leases cost something to keep.
    private final Map<TransportAddress, Tenancy> tenancies = new ConcurrentHashMap<>();
    private final AtomicInteger arrived = new AtomicInteger();
    // Of the doors, how many are the one door's.
    private int led;
    // Beside the maps, so that an accept need not lock them.
    private volatile int count;
    private volatile int descriptors;

    /**
     * @param room how many sessions the process's descriptors allow
     * @param inheritance sockets that listen already, for the doors that want them
     * @param vips makes addresses this machine's before a door opens at them
     * @param steering by which all TCP frontends share a few listening sockets; absent = each has one of its own
     */
    public Listeners(DataPath path, Sessions sessions, SessionRoom room, Inheritance inheritance, VipBinder vips,
            Optional<Steering> steering) {
        this.vips = vips;
        this.path = path;
        this.sessions = sessions;
        this.room = room;
        this.inheritance = inheritance;
        this.datagramDoors = new DatagramDoors(sessions, inheritance);
        this.oneDoor = steering.map(one -> new OneDoor(path, one, inheritance, new SharedWelcome()));
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
            if (doors.containsKey(frontend) || datagramDoors.contains(frontend)) {
                return;
            }
        }
        // Outside the lock: a loop that pauses the doors must not wait for the loop that binds this one.
        switch (frontend.protocol()) {
            case TCP -> {
                Lease lease = vips.acquire(frontend);
                boolean isLed = isLed(frontend, lease);
                Tenancy tenancy = new Tenancy(lease);
                Door door = isLed ? led(frontend, filter, tenancy) : door(frontend, filter, tenancy);
                vips.opened(frontend, door.address());
                synchronized (doors) {
                    doors.put(frontend, new TcpDoor(door, tenancy, isLed));
                    led += isLed ? 1 : 0;
                    newSocket();
                }
            }
            case UDP -> {
                Lease lease = vips.acquire(frontend);
                DatagramAcceptor newcomers = flow -> sessions.begin(flow, frontend);
                DatagramDoor door = open(lease, place -> datagramDoors.open(frontend,
                        sockets -> path.adoptDatagrams(sockets, frontend.address(), newcomers),
                        () -> path.openDatagrams(place, newcomers)));
                pass(door, lease);
                vips.opened(frontend, door.address());
                datagramDoors.add(frontend, door, lease);
                synchronized (doors) {
                    recount();
                }
            }
            case SCTP -> throw new OpenFailure(frontend.address(), "Protocol not supported");
        }
    }

    /** The kernel can lead to the one door who dials the frontend itself; a door elsewhere is another address. */
    private boolean isLed(TransportAddress frontend, Lease lease) {
        return oneDoor.isPresent() && lease.places().getFirst().address().equals(frontend.address());
    }

    private Door led(TransportAddress frontend, SourceFilter filter, Tenancy tenancy) throws OpenFailure {
        if (tenancy.lease().costs()) {
            tenancies.put(frontend, tenancy); // before the first client can come
        }
        try {
            return oneDoor.orElseThrow().open(frontend.address(), filter);
        } catch (OpenFailure | RuntimeException | Error failure) {
            tenancies.remove(frontend);
            tenancy.closed();
            throw failure;
        }
    }

    private Door door(TransportAddress frontend, SourceFilter filter, Tenancy tenancy) throws OpenFailure {
        Welcome welcome = new Welcome(frontend, tenancy);
        OptionalInt inherited = inheritance.take(frontend.address());
        return open(tenancy.lease(), place -> inherited.isPresent()
                ? path.adopt(inherited.getAsInt(), frontend.address(), filter, welcome)
                : path.open(place, filter, welcome));
    }

    private void pass(DatagramDoor door, Lease lease) throws OpenFailure {
        if (oneDoor.isPresent()) {
            try {
                oneDoor.get().pass(TransportAddress.udp(door.address()));
            } catch (OpenFailure failure) {
                door.close();
                lease.release();
                throw failure;
            }
        }
    }

    /** The doors for datagrams. */
    DatagramDoors datagrams() {
        return datagramDoors;
    }

    /** Whether there is room for no UDP flow more. */
    boolean flowsFull() {
        return sessions.flowsFull();
    }

    /** Another process goes on with these. */
    void handedOver(List<FlowInHand> flows) {
        sessions.handedOver(flows);
    }

    /** The sockets of all doors; they are valid while those are open. */
    Map<OfferedSocket, Integer> sockets() {
        Map<OfferedSocket, Integer> sockets = new LinkedHashMap<>();
        synchronized (doors) {
            doors.forEach((frontend, one) -> one.door().descriptor()
                    .ifPresent(fd -> sockets.put(OfferedSocket.own(frontend.address()), fd)));
        }
        oneDoor.ifPresent(one -> sockets.putAll(one.offer()));
        sockets.putAll(datagramDoors.offer());
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
            synchronized (doors) {
                newSocket();
            }
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

    private record TcpDoor(Door door, Tenancy tenancy, boolean isLed) {
    }

    /** Counts the connections that come through doors, and pauses those when there is no room for more. */
    private abstract class Counting implements Acceptor {
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

    /** Who takes the connections of one door, and keeps its address until the last of them has ended. */
    private final class Welcome extends Counting {
        private final TransportAddress frontend;
        private final Tenancy tenancy;

        Welcome(TransportAddress frontend, Tenancy tenancy) {
            this.frontend = frontend;
            this.tenancy = tenancy;
        }

        @Override
        public void arriving() {
            tenancy.enter();
            super.arriving();
        }

        @Override
        public void gone() {
            super.gone();
            tenancy.leave();
        }

        @Override
        public void accepted(Connection downstream) {
            sessions.begin(downstream, frontend);
        }
    }

    /** Who takes the connections of the one door: whose they are is known when they are there. */
    private final class SharedWelcome extends Counting {
        @Override
        public void accepted(Connection downstream) {
            TransportAddress frontend = TransportAddress.tcp(downstream.local());
            Tenancy tenancy = tenancies.get(frontend);
            if (tenancy != null && tenancy.enter()) {
                downstream.onClosed(tenancy::leave);
            }
            sessions.begin(downstream, frontend);
        }
    }

    /** Closes a door; later clients are refused. Does nothing where it is not open. */
    public void close(TransportAddress frontend) {
        TcpDoor door;
        Optional<DatagramDoors.Open> datagramDoor = datagramDoors.remove(frontend);
        synchronized (doors) {
            door = doors.remove(frontend);
            led -= door != null && door.isLed() ? 1 : 0;
            recount();
        }
        if (door != null) {
            door.door().close();
            tenancies.remove(frontend, door.tenancy());
            door.tenancy().closed();
        }
        datagramDoor.ifPresent(open -> {
            open.door().close();
            oneDoor.ifPresent(one -> one.forget(TransportAddress.udp(open.door().address())));
            open.lease().release();
        });
    }

    private void recount() {
        int ofDatagrams = datagramDoors.count();
        count = doors.size() + ofDatagrams;
        int listening = doors.size() - led + oneDoor.map(one -> one.sockets().size()).orElse(0);
        descriptors = listening + ofDatagrams * path.loops().size();
    }

    /** There may be a listening socket more, which knows nothing yet of what all others were told. */
    private void newSocket() {
        recount();
        if (pause.paused()) {
            applyPause(true);
        }
    }

    /** Closes every door, and all listening sockets. */
    public void closeAll() {
        for (TransportAddress frontend : open()) {
            close(frontend);
        }
        oneDoor.ifPresent(OneDoor::close);
    }

    /** The frontends whose doors are open. */
    public List<TransportAddress> open() {
        synchronized (doors) {
            return Stream.concat(doors.keySet().stream(), datagramDoors.frontends().stream()).sorted().toList();
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
            Stream<Door> ofOneDoor = oneDoor.stream().flatMap(one -> one.sockets().stream());
            Stream.concat(doors.values().stream().map(TcpDoor::door), ofOneDoor).forEach(door -> {
                if (paused) {
                    door.pause();
                } else if (!pause.paused()) {
                    // One that was resumed lets in at once who waited inside, and there may be no room again.
                    door.resume();
                }
            });
        }
    }
}
