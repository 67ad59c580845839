package dev.fairlead.listen;

import dev.fairlead.balance.Upstream;
import dev.fairlead.forward.FlowInHand;
import dev.fairlead.forward.Sessions;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.DatagramDoor;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The open doors for datagrams, and how they go from one process to the next with their flows. Any thread. */
final class DatagramDoors {
    private final Sessions sessions;
    private final Inheritance inheritance;
    private final Map<TransportAddress, Open> doors = new HashMap<>();
    /** Endpoints of flows that are being brought; of the one thread that takes them. */
    private final List<Upstream> held = new ArrayList<>();
    private boolean begun;

    DatagramDoors(Sessions sessions, Inheritance inheritance) {
        this.sessions = sessions;
        this.inheritance = inheritance;
        this.begun = inheritance.size() == 0;
    }

    /** An open one. */
    record Open(DatagramDoor door, Lease lease) {
    }

    /** Opens a door of its own. */
    @FunctionalInterface
    interface Opening {
        DatagramDoor open() throws OpenFailure;
    }

    /** Adopts a door. */
    @FunctionalInterface
    interface Adopting {
        DatagramDoor adopt(List<Integer> descriptors) throws OpenFailure;
    }

    /** The sockets that another process had for a frontend, or fresh ones; see {@link #begin}. */
    DatagramDoor open(TransportAddress frontend, Adopting adopting, Opening opening) throws OpenFailure {
        List<Integer> inherited = inheritance.takeDatagrams(frontend.address());
        return inherited.isEmpty() ? opening.open() : adopting.adopt(inherited);
    }

    /** It is open. */
    void add(TransportAddress frontend, DatagramDoor door, Lease lease) {
        boolean atOnce;
        synchronized (this) {
            doors.put(frontend, new Open(door, lease));
            atOnce = begun;
        }
        if (atOnce) {
            door.resume();
        }
    }

    synchronized Optional<Open> remove(TransportAddress frontend) {
        return Optional.ofNullable(doors.remove(frontend));
    }

    synchronized boolean contains(TransportAddress frontend) {
        return doors.containsKey(frontend);
    }

    synchronized List<TransportAddress> frontends() {
        return List.copyOf(doors.keySet());
    }

    synchronized int count() {
        return doors.size();
    }

    /** Their sockets, for a successor. */
    synchronized Map<OfferedSocket, Integer> offer() {
        Map<OfferedSocket, Integer> offered = new LinkedHashMap<>();
        doors.forEach((frontend, one) -> {
            List<Integer> descriptors = one.door.descriptors();
            for (int i = 0; i < descriptors.size(); i++) {
                offered.put(OfferedSocket.datagrams(frontend.address(), i), descriptors.get(i));
            }
        });
        return offered;
    }

    /** Leaves all that comes where it is; the flows that another process can go on with now. */
    List<FlowInHand> pause() {
        open().forEach(DatagramDoor::pause);
        return sessions.flowsInHand();
    }

    /** A flow that another process knew; its descriptor is closed where it cannot go on. Before {@link #begin}. */
    void take(FlowInHand flow) {
        Open there;
        synchronized (this) {
            there = doors.get(flow.frontend());
        }
        Optional<Upstream> endpoint = there == null ? Optional.empty() : sessions.endpointOf(flow);
        if (there == null || endpoint.isEmpty()) {
            new Kernel().close(flow.flow().descriptor());
            return;
        }
        held.add(endpoint.get());
        there.door.bring(flow.flow(), fresh -> sessions.goOn(fresh, flow, endpoint.get()));
    }

    /** Reads what has come: everything that another process had to say was said, or that process goes on itself. */
    void begin() {
        synchronized (this) {
            begun = true;
        }
        open().forEach(DatagramDoor::resume);
        held.forEach(Upstream::leave);
        held.clear();
    }

    /** Outside the lock whoever waits for loops may do so: a loop may wait for somebody who wants the lock. */
    private synchronized List<DatagramDoor> open() {
        return doors.values().stream().map(Open::door).toList();
    }
}
