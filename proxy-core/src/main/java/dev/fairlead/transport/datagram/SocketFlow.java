package dev.fairlead.transport.datagram;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.BroughtFlow;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.FlowCallback;
import dev.fairlead.transport.FlowOpening;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Messages;
import dev.fairlead.transport.linux.PeerNames;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A client and the connected socket through which it speaks to its endpoint. Confined to its loop. */
final class SocketFlow implements DatagramFlow, Watched {
    private static final int NO_SOCKET = -1;
    // One datagram is offered to so many endpoints in a row, each of which may turn out to be gone only then.
    private static final int OFFERS = 3;

    private final DoorSocket door;
    private final IpPort client;
    private final long high;
    private final long low;
    private final int port;
    private final int scope;
    private final boolean four;
    /** The next one of the same chain of the door's table. */
    @Nullable
    SocketFlow next;
    private @Nullable FlowCallback callback;
    private int fd = NO_SOCKET;
    private int slot = DatagramLoop.NOWHERE;
    private IpFamily family = IpFamily.IPV4;
    private int responses;
    private long lastLook;
    private boolean assured;
    /** Its socket is bound to somebody's address, or is another process's too: no other flow can have it. */
    private boolean single;
    /** Connected already, by another process. */
    private int brought = NO_SOCKET;
    private boolean paused;
    private boolean closed;
    private long up;
    private long down;
    private long bytesUp;
    private long bytesDown;

    SocketFlow(DoorSocket door, PeerNames names, int name) {
        this.door = door;
        this.client = names.get(name);
        this.four = names.four(name);
        this.high = names.high(name);
        this.low = names.low(name);
        this.port = names.port(name);
        this.scope = names.scope(name);
    }

    /** One of a client that another process knew. */
    SocketFlow(DoorSocket door, BroughtFlow flow) {
        this.door = door;
        this.client = flow.client();
        ByteBuffer ip = ByteBuffer.wrap(client.ip().getAddress());
        this.four = ip.capacity() == Integer.BYTES;
        this.high = four ? 0 : ip.getLong(0);
        this.low = four ? Integer.toUnsignedLong(ip.getInt(0)) : ip.getLong(Long.BYTES);
        this.port = client.port();
        this.scope = client.ip() instanceof Inet6Address six ? six.getScopeId() : 0;
        this.brought = flow.descriptor();
        this.assured = flow.assured();
    }

    boolean is(long otherHigh, long otherLow, int otherPort, int otherScope) {
        return low == otherLow && port == otherPort && high == otherHigh && scope == otherScope;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    int port() {
        return port;
    }

    int scope() {
        return scope;
    }

    boolean connected() {
        return fd != NO_SOCKET;
    }

    /** Whether the socket that was brought is nobody's yet. */
    boolean unclaimed() {
        return brought != NO_SOCKET;
    }

    /** Addresses a message to the client. */
    void name(Messages messages, int message) {
        messages.name(message, four, high, low, port, scope);
    }

    // ---- as a flow ----

    @Override
    public Loop loop() {
        return door.loop().loop();
    }

    @Override
    public IpPort client() {
        return client;
    }

    @Override
    public int socket() {
        return door.index();
    }

    @Override
    public OptionalInt descriptor() {
        return connected() ? OptionalInt.of(fd) : OptionalInt.empty();
    }

    @Override
    public FlowOpening connect(IpPort endpoint, @Nullable InetAddress source, FlowCallback newCallback,
            int newResponses) {
        if (closed || connected()) {
            throw new IllegalStateException("connect: " + client + " (expected: a flow without an endpoint)");
        }
        FlowOpening opening = brought == NO_SOCKET ? socket(endpoint, source) : broughtSocket(endpoint);
        if (opening instanceof FlowOpening.Connected) {
            callback = newCallback;
            responses = newResponses;
        }
        return opening;
    }

    private FlowOpening broughtSocket(IpPort endpoint) {
        int watched = door.loop().watch(brought, this);
        if (watched < 0) {
            return new FlowOpening.Starved(Errno.word(-watched));
        }
        FlowOpening opening = has(brought, watched, endpoint, true);
        brought = NO_SOCKET;
        return opening;
    }

    private FlowOpening has(int socket, int at, IpPort endpoint, boolean alone) {
        fd = socket;
        slot = at;
        family = endpoint.family();
        single = alone;
        return FlowOpening.Connected.INSTANCE;
    }

    private FlowOpening socket(IpPort endpoint, @Nullable InetAddress source) {
        DatagramLoop home = door.loop();
        Kernel kernel = home.kernel();
        SpareSockets.Spare spare = source == null ? home.spares().take(endpoint.family()) : null;
        int made = spare != null ? spare.fd() : kernel.datagramSocket(endpoint.family());
        if (made < 0) {
            return new FlowOpening.Starved(Errno.word(-made));
        }
        if (source != null) {
            kernel.assume(made, source);
        }
        int result = kernel.connect(made, endpoint);
        if (result < 0) {
            if (spare != null) {
                home.forget(spare.slot());
            }
            kernel.close(made);
            return failure(-result);
        }
        int at = spare == null ? home.watch(made, this) : spare.slot();
        if (at < 0) {
            kernel.close(made);
            return new FlowOpening.Starved(Errno.word(-at));
        }
        home.pass(at, this);
        return has(made, at, endpoint, source != null);
    }

    private static FlowOpening failure(int errno) {
        return Errno.starvation(errno)
                ? new FlowOpening.Starved(Errno.word(errno))
                : new FlowOpening.Failed(Errno.flowFailure(errno), Errno.word(errno));
    }

    @Override
    public void disconnect(FlowCallback newCallback) {
        release();
        callback = newCallback;
        assured = false;
        up = 0;
        down = 0;
        bytesUp = 0;
        bytesDown = 0;
    }

    @Override
    public long datagrams(Direction direction) {
        return switch (direction) {
            case UP -> up;
            case DOWN -> down;
        };
    }

    @Override
    public long bytes(Direction direction) {
        return switch (direction) {
            case UP -> bytesUp;
            case DOWN -> bytesDown;
        };
    }

    @Override
    public boolean assured() {
        return assured;
    }

    @Override
    public void close() {
        assert loop().inLoop() || door.loop().ended();
        if (!closed) {
            closed = true;
            release();
            callback = null;
            door.forget(this);
        }
    }

    private void release() {
        if (connected()) {
            DatagramLoop home = door.loop();
            SpareSockets.Spare spare = home.ended() || single ? null : home.spares().give(family, fd, slot);
            if (spare != null) {
                home.pass(slot, spare);
            } else {
                if (single && !home.ended()) {
                    home.unwatch(fd);
                }
                home.forget(slot);
                home.kernel().close(fd);
            }
            fd = NO_SOCKET;
            paused = false;
        }
    }

    /** Leaves what its endpoint answers where it is. From now on its socket may be another process's too. */
    void pause() {
        if (connected() && !paused) {
            paused = true;
            single = true;
            door.loop().unwatch(fd);
        }
    }

    void resume() {
        if (paused && door.loop().watchAgain(fd, slot) < 0) {
            close();
        }
        paused = false;
    }

    void doorClosed() {
        FlowCallback told = callback;
        if (!closed && told != null) {
            told.doorClosed();
        }
        close();
    }

    // ---- client to endpoint ----

    /** Passes some arrivals on, in a row; what the kernel does not take is lost. */
    void pass(Arrivals arrivals, int first, int count) {
        int at = first;
        int end = first + count;
        int offers = OFFERS;
        while (at < end) {
            if (!connected() && !wanted()) {
                return;
            }
            int taken = arrivals.pass(fd, at, end - at);
            if (taken > 0) {
                count(arrivals, at, taken);
                at += taken;
            } else if (aboutTheEndpoint(-taken)) {
                // About an earlier datagram: this one was not sent, and somebody else may want it.
                unreachable(-taken);
                if (closed) {
                    // Not if it never passed anything on: the next one, which may fare alike, would be met from within.
                    if (up > 0) {
                        door.meet(arrivals, at, end - at);
                    }
                    return;
                }
                if (connected() || --offers == 0) {
                    return;
                }
            } else if (taken != -Errno.EINTR) {
                count(arrivals, at, 1);
                door.loop().lost().increment();
                at++;
            }
        }
    }

    /** Asks for an endpoint; whether there is one now. */
    private boolean wanted() {
        FlowCallback asked = callback;
        if (!closed && asked != null) {
            asked.wanted();
        }
        return connected();
    }

    private void count(Arrivals arrivals, int first, int count) {
        up += count;
        for (int i = first; i < first + count; i++) {
            bytesUp += arrivals.length(i);
        }
        assured |= down > 0;
    }

    /** Not about room, nor about this one datagram. */
    private static boolean aboutTheEndpoint(int errno) {
        return switch (errno) {
            case Errno.EAGAIN, Errno.EINTR, Errno.ENOBUFS, Errno.ENOMEM, Errno.EPERM, Errno.EMSGSIZE, Errno.EINVAL ->
                false;
            default -> true;
        };
    }

    private void unreachable(int errno) {
        FlowCallback told = callback;
        if (told != null) {
            told.unreachable(Errno.flowFailure(errno), Errno.word(errno));
        }
    }

    // ---- endpoint to client ----

    @Override
    public void readable() {
        Replies replies = door.loop().replies();
        long look = door.loop().looks();
        // One that was readable a moment ago has more to say than it was asked for.
        boolean several = look - lastLook <= 1;
        lastLook = look;
        int count = replies.receive(fd, several);
        if (count <= 0) {
            if (aboutTheEndpoint(-count)) {
                unreachable(-count);
            }
            return;
        }
        FlowCallback told = callback;
        if (down == 0 && told != null) {
            told.replied();
            if (closed || !connected()) {
                return;
            }
        }
        int asked = down < responses ? (int) Math.min(count, responses - down) : 0;
        if (asked > 0) {
            bytesDown += replies.queue(door, this, asked);
            down += asked;
            if (down == responses && told != null) {
                told.answered();
                if (!connected()) {
                    return; // what came after the last one that was asked for
                }
            }
        }
        bytesDown += replies.queue(door, this, count - asked);
        down += count - asked;
    }

    @Override
    public void broken() {
        close();
    }
}
