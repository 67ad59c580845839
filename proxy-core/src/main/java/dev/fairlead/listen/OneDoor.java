package dev.fairlead.listen;

import dev.fairlead.listen.Inheritance.Heirloom;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.bpf.Steering;
import dev.fairlead.transport.linux.bpf.SteeringFailure;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One door for all TCP frontends: a listening socket for each family and loop, to which the kernel is told to lead the
 * newcomers of every frontend, so that opening and closing one is a word to the kernel. A frontend that does not take
 * everybody has a socket and a seat of its own, since the filter is the socket's. All are bound to free ports of
 * loopback, where nobody is let in. Any thread.
 */
final class OneDoor {
    private final DataPath path;
    private final Steering steering;
    private final Inheritance inheritance;
    private final Acceptor acceptor;
    private final Map<IpFamily, Seats> shared = new EnumMap<>(IpFamily.class);
    private final BitSet taken = new BitSet();
    private final Map<IpPort, Seats> alone = new LinkedHashMap<>();
    // Read by loops that pause the doors, and must not wait for a thread that waits for a loop to open one.
    private final Set<Door> sockets = ConcurrentHashMap.newKeySet();

    /**
     * @param path one that shows its descriptors
     * @param inheritance sockets that listen already, for those who want them
     * @param acceptor who takes the connections of all frontends
     */
    OneDoor(DataPath path, Steering steering, Inheritance inheritance, Acceptor acceptor) {
        this.path = path;
        this.steering = steering;
        this.inheritance = inheritance;
        this.acceptor = acceptor;
    }

    /** Listening sockets on seats beside each other. */
    private record Seats(int first, List<Door> sockets) {
    }

    /** Opens a listening socket, or takes one over. */
    @FunctionalInterface
    private interface Opening {
        Door open() throws OpenFailure;
    }

    /**
     * Lets clients of a frontend in.
     *
     * @param frontend with a port
     * @param filter who they may be
     * @throws OpenFailure when the kernel will not
     */
    synchronized Door open(IpPort frontend, SourceFilter filter) throws OpenFailure {
        Optional<Heirloom> inherited = inheritance.takeLed(frontend);
        Steered door = new Steered(frontend);
        if (inherited.isPresent()) {
            // Also where it takes everybody now: clients may be in its queue.
            Heirloom one = inherited.get();
            door.moveIn(() -> path.adopt(one.fd(), one.at(), filter, acceptor));
        } else if (needsItsOwn(filter)) {
            door.moveIn(() -> path.open(anyPort(frontend.family()), filter, acceptor));
        } else {
            lead(frontend, shared(frontend.family()));
        }
        return door;
    }

    private boolean needsItsOwn(SourceFilter filter) {
        return path.filters() && !filter.equals(SourceFilter.EVERYBODY);
    }

    private static IpPort anyPort(IpFamily family) {
        return IpPort.of(switch (family) {
            case IPV4 -> "127.0.0.1:0";
            case IPV6 -> "[::1]:0";
        });
    }

    private void lead(IpPort frontend, Seats seats) throws OpenFailure {
        try {
            steering.lead(TransportAddress.tcp(frontend), seats.first(), seats.sockets().size());
        } catch (SteeringFailure failure) {
            throw refused(failure);
        }
    }

    private static OpenFailure refused(SteeringFailure failure) {
        return new OpenFailure(String.valueOf(failure.getMessage()), failure);
    }

    /** A family's sockets; they are opened for its first frontend. */
    private Seats shared(IpFamily family) throws OpenFailure {
        Seats known = shared.get(family);
        if (known != null) {
            return known;
        }
        List<Opening> openings = new ArrayList<>();
        for (Heirloom one : inheritance.takeShared(family)) {
            openings.add(() -> path.adopt(one.fd(), one.at(), SourceFilter.EVERYBODY, acceptor));
        }
        while (openings.size() < path.loops().size()) {
            openings.add(() -> path.open(anyPort(family), acceptor));
        }
        Seats seats = seat(openings);
        shared.put(family, seats);
        return seats;
    }

    private Seats seat(List<Opening> openings) throws OpenFailure {
        List<Door> opened = new ArrayList<>();
        Seats seats = new Seats(free(openings.size()), opened);
        try {
            for (Opening opening : openings) {
                Door socket = opening.open();
                opened.add(socket);
                steering.seat(seats.first() + opened.size() - 1, socket.descriptor().orElseThrow());
                steering.refuse(TransportAddress.tcp(socket.address()));
            }
        } catch (OpenFailure failure) {
            vacate(seats);
            throw failure;
        } catch (SteeringFailure failure) {
            vacate(seats);
            throw refused(failure);
        }
        taken.set(seats.first(), seats.first() + opened.size());
        sockets.addAll(opened);
        return seats;
    }

    /** The first of so many free seats beside each other, if there are any: the kernel has the last word. */
    private int free(int count) {
        int first = taken.nextClearBit(0);
        for (int next = taken.nextSetBit(first); next >= 0 && next < first + count; next = taken.nextSetBit(first)) {
            first = taken.nextClearBit(next);
        }
        return first;
    }

    private void vacate(Seats seats) {
        for (Door socket : seats.sockets()) {
            sockets.remove(socket);
            socket.close();
            forget(TransportAddress.tcp(socket.address())); // somebody else may get that port
        }
        taken.clear(seats.first(), seats.first() + seats.sockets().size());
    }

    /** Leaves a frontend to the sockets that are bound to it, also where all of its address is ours. */
    void pass(TransportAddress frontend) throws OpenFailure {
        try {
            steering.pass(frontend);
        } catch (SteeringFailure failure) {
            throw refused(failure);
        }
    }

    /** The end of {@link #open} and {@link #pass}. */
    void forget(TransportAddress frontend) {
        try {
            steering.forget(frontend);
        } catch (SteeringFailure impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The listening sockets. */
    Collection<Door> sockets() {
        return sockets;
    }

    /** What a successor needs of them: those that are shared in the order of their seats, then the others. */
    synchronized Map<OfferedSocket, Integer> offer() {
        Map<OfferedSocket, Integer> offered = new LinkedHashMap<>();
        for (Seats seats : shared.values()) {
            for (Door socket : seats.sockets()) {
                offered.put(OfferedSocket.shared(socket.address()), socket.descriptor().orElseThrow());
            }
        }
        alone.forEach((frontend, seats) -> {
            Door socket = seats.sockets().getFirst();
            offered.put(OfferedSocket.led(frontend, socket.address()), socket.descriptor().orElseThrow());
        });
        return offered;
    }

    /**
     * Closes the shared sockets: as long as a process has one, it takes the clients that wait there, and a successor
     * has them too. After this, and after every frontend is closed, doors may be opened anew.
     */
    synchronized void close() {
        shared.values().forEach(this::vacate);
        shared.clear();
    }

    /** A frontend's part of the one door. Unless it has a socket of its own, its clients wait where all others do. */
    private final class Steered implements Door {
        private final IpPort frontend;
        // Once it has one of its own it keeps it: clients may be in its queue.
        private @Nullable Seats own;

        Steered(IpPort frontend) {
            this.frontend = frontend;
        }

        /** Opens a socket of its own and has clients led there; those who are on the way elsewhere are served there. */
        private void moveIn(Opening opening) throws OpenFailure {
            Seats seats = seat(List.of(opening));
            try {
                lead(frontend, seats);
            } catch (OpenFailure failure) {
                vacate(seats);
                throw failure;
            }
            own = seats;
            alone.put(frontend, seats);
        }

        @Override
        public IpPort address() {
            return frontend;
        }

        @Override
        public OptionalInt descriptor() {
            return OptionalInt.empty(); // see offer()
        }

        @Override
        public void pause() {
            // All pause at once: see sockets().
        }

        @Override
        public void resume() {
            // All resume at once: see sockets().
        }

        @Override
        public void filter(SourceFilter filter) throws OpenFailure {
            synchronized (OneDoor.this) {
                if (own != null) {
                    own.sockets().getFirst().filter(filter);
                } else if (needsItsOwn(filter)) {
                    moveIn(() -> path.open(anyPort(frontend.family()), filter, acceptor));
                }
            }
        }

        @Override
        public void close() {
            synchronized (OneDoor.this) {
                forget(TransportAddress.tcp(frontend));
                if (own != null) {
                    alone.remove(frontend);
                    vacate(own);
                    own = null;
                }
            }
        }
    }
}
