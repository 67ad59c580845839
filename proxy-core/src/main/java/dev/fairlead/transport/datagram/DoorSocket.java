package dev.fairlead.transport.datagram;

import dev.fairlead.transport.BroughtFlow;
import dev.fairlead.transport.DatagramAcceptor;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.PeerNames;
import org.jspecify.annotations.Nullable;

/** A door's socket on one loop, and the clients that the kernel sends there. Confined to its loop. */
final class DoorSocket implements Watched {
    private final DatagramLoop loop;
    private final int index;
    private final int fd;
    private final DatagramAcceptor acceptor;
    private final FlowTable flows;
    private final Replies.Queue replies = new Replies.Queue();
    private int slot = DatagramLoop.NOWHERE;
    private volatile boolean stopped;
    private boolean paused;
    private boolean closed;

    /**
     * Takes the descriptor over, once it is opened.
     *
     * @param index among its door's
     */
    DoorSocket(DatagramLoop loop, int index, int fd, DatagramAcceptor acceptor) {
        this.loop = loop;
        this.index = index;
        this.fd = fd;
        this.acceptor = acceptor;
        this.flows = new FlowTable(loop.salt());
    }

    /** Begins to receive; 0 or the errno negated. */
    int open() {
        slot = loop.watch(fd, this);
        return Math.min(slot, 0);
    }

    /** Its number among its door's. */
    int index() {
        return index;
    }

    int fd() {
        return fd;
    }

    DatagramLoop loop() {
        return loop;
    }

    Replies.Queue replies() {
        return replies;
    }

    /** One batch; what is left is told again, after the others had their turn. */
    @Override
    public void readable() {
        Arrivals arrivals = loop.arrivals();
        PeerNames names = arrivals.names();
        int count = arrivals.receive(fd);
        int first = 0;
        while (first < count && !closed) {
            int end = first + 1;
            while (end < count && names.same(first, end)) {
                end++;
            }
            pass(arrivals, first, end - first);
            first = end;
        }
    }

    @Override
    public void broken() {
        // The door itself is in order.
    }

    /** Some of one client, in a row; whatever comes of it, the clients behind it are looked at. */
    private void pass(Arrivals arrivals, int first, int count) {
        SocketFlow flow = find(arrivals, first);
        try {
            if (flow == null) {
                meet(arrivals, first, count);
            } else {
                flow.pass(arrivals, first, count);
            }
        } catch (Throwable defect) {
            DatagramLoop.defect(defect);
            SocketFlow broken = find(arrivals, first);
            if (broken != null) {
                broken.close();
            }
        }
    }

    private @Nullable SocketFlow find(Arrivals arrivals, int arrival) {
        PeerNames names = arrivals.names();
        return flows.find(names.high(arrival), names.low(arrival), names.port(arrival), names.scope(arrival));
    }

    /** A client that is not known. One that nobody wants is met again with its next datagram. */
    void meet(Arrivals arrivals, int first, int count) {
        for (int i = first; i < first + count && !stopped; i++) {
            SocketFlow flow = new SocketFlow(this, arrivals.names(), i);
            try {
                acceptor.arrived(flow);
            } catch (Throwable defect) {
                flow.close(); // it is in no table yet
                throw defect;
            }
            if (flow.connected()) {
                flows.add(flow);
                flow.pass(arrivals, i, first + count - i);
                return;
            }
        }
    }

    /** A client that another process knew. */
    void bring(BroughtFlow brought, DatagramAcceptor taker) {
        SocketFlow flow = new SocketFlow(this, brought);
        if (!closed && flows.find(flow.high(), flow.low(), flow.port(), flow.scope()) == null) {
            try {
                taker.arrived(flow);
            } catch (RuntimeException | Error defect) {
                DatagramLoop.defect(defect);
                flow.close();
            }
        }
        if (flow.connected()) {
            flows.add(flow);
        } else if (flow.unclaimed()) {
            loop.kernel().close(brought.descriptor());
        }
    }

    /** Reads no more, neither from clients nor from their endpoints. */
    void pause() {
        if (!closed && !paused) {
            paused = true;
            if (opened()) {
                loop.unwatch(fd);
            }
            flows.all().forEach(SocketFlow::pause);
        }
    }

    /** Begins to read, or begins again; 0 or the errno negated. */
    int resume() {
        if (closed) {
            return 0;
        }
        int result = 0;
        if (!opened()) {
            result = loop.open(this);
        } else if (paused) {
            result = loop.watchAgain(fd, slot);
            flows.all().forEach(SocketFlow::resume);
        }
        paused = false;
        return result == -Errno.EEXIST ? 0 : result;
    }

    void forget(SocketFlow flow) {
        flows.remove(flow);
    }

    /** From now on nobody is met who is not known. Any thread. */
    void stop() {
        stopped = true;
    }

    /** Tells every flow, then forgets them. */
    void close() {
        if (closed) {
            return;
        }
        stopped = true;
        closed = true;
        for (SocketFlow flow : flows.all()) {
            try {
                flow.doorClosed();
            } catch (Throwable defect) {
                DatagramLoop.defect(defect);
                flow.close();
            }
        }
        release();
    }

    /** Whether it ever began to receive. */
    boolean opened() {
        return slot >= 0;
    }

    private void release() {
        if (opened()) {
            if (!loop.ended()) {
                loop.unwatch(fd);
            }
            loop.forget(slot);
        }
        loop.kernel().close(fd);
        loop.closed(this);
    }

    /** The loop has ended: nobody is told. */
    void abandon() {
        if (!closed) {
            stopped = true;
            closed = true;
            flows.all().forEach(SocketFlow::close);
            release();
        }
    }
}
