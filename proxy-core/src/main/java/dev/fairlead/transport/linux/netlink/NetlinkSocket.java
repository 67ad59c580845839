package dev.fairlead.transport.linux.netlink;

import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A line to one of the kernel's offices. The kernel does what it is asked during the call and has answered when it
 * returns, so nothing here waits. One thread at a time.
 */
final class NetlinkSocket implements AutoCloseable {
    static final int ROUTE = 0;
    static final int NETFILTER = 12;

    private static final int LARGEST_REQUEST = 4096;
    // The kernel sends at most 32 KiB at a time.
    private static final int LARGEST_REPLY = 64 * 1024;
    private static final int TRIES = 5;

    private final Kernel kernel = new Kernel();
    private final MemorySegment outgoing;
    private final MemorySegment incoming;
    private final int fd;
    private int sequence;

    /**
     * Opens one.
     *
     * @param office {@link #ROUTE} or {@link #NETFILTER}
     * @param groups whose news it is told
     */
    NetlinkSocket(int office, int groups) throws NetlinkFailure {
        Arena arena = Arena.ofAuto();
        outgoing = arena.allocate(LARGEST_REQUEST, 8);
        incoming = arena.allocate(LARGEST_REPLY, 8);
        fd = kernel.netlinkSocket(office, groups);
        if (fd < 0) {
            throw new NetlinkFailure("open a netlink socket", -fd);
        }
    }

    int fd() {
        return fd;
    }

    Kernel kernel() {
        return kernel;
    }

    /**
     * Has something done.
     *
     * @param doing in words, for the message of a failure
     * @param requests done together; the last but for what only frames them asks for an {@link Request#ACK}
     */
    void execute(String doing, List<Request> requests) throws NetlinkFailure {
        int first = sequence + 1;
        send(doing, requests);
        while (true) {
            for (Reply reply : receive(doing)) {
                if (reply.type() == Reply.ERROR && reply.sequence() >= first) {
                    if (reply.errno() != 0) {
                        throw new NetlinkFailure(doing, reply.errno());
                    }
                    return;
                }
            }
        }
    }

    /** Asks for one answer. */
    Reply ask(String doing, Request request) throws NetlinkFailure {
        send(doing, List.of(request));
        for (Reply reply : receive(doing)) {
            if (reply.type() == Reply.ERROR) {
                throw new NetlinkFailure(doing, reply.errno());
            }
            return reply;
        }
        throw new NetlinkFailure(doing, Errno.EAGAIN);
    }

    /** Asks for a list, again where it changed while it was told. */
    List<Reply> list(String doing, Request request) throws NetlinkFailure {
        List<Reply> all = new ArrayList<>();
        for (int tries = 0; tries < TRIES; tries++) {
            all.clear();
            if (!listed(doing, request, all)) {
                break;
            }
        }
        return all;
    }

    /** Whether it was interrupted by a change. */
    private boolean listed(String doing, Request request, List<Reply> all) throws NetlinkFailure {
        send(doing, List.of(request));
        boolean interrupted = false;
        while (true) {
            for (Reply reply : receive(doing)) {
                interrupted |= (reply.flags() & Reply.INTERRUPTED) != 0;
                if (reply.type() == Reply.DONE) {
                    return interrupted;
                }
                if (reply.type() == Reply.ERROR) {
                    throw new NetlinkFailure(doing, reply.errno());
                }
                all.add(reply);
            }
        }
    }

    private void send(String doing, List<Request> requests) throws NetlinkFailure {
        discard(); // what is left of an earlier exchange that failed
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        requests.forEach(request -> together.writeBytes(request.bytes(++sequence)));
        byte[] bytes = together.toByteArray();
        MemorySegment.copy(bytes, 0, outgoing, ValueLayout.JAVA_BYTE, 0, bytes.length);
        long sent = kernel.send(fd, outgoing.address(), bytes.length, 0);
        if (sent < 0) {
            throw new NetlinkFailure(doing, (int) -sent);
        }
    }

    private List<Reply> receive(String doing) throws NetlinkFailure {
        long received = kernel.receive(fd, incoming.address(), LARGEST_REPLY);
        if (received < 0) {
            throw new NetlinkFailure(doing, (int) -received);
        }
        byte[] bytes = new byte[(int) received];
        MemorySegment.copy(incoming, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        return Reply.all(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    }

    /** Takes whatever has come and forgets it; that some was lost is forgotten too. */
    void discard() {
        long received;
        do {
            received = kernel.receive(fd, incoming.address(), LARGEST_REPLY);
        } while (received > 0 || received == -Errno.ENOBUFS);
    }

    @Override
    public void close() {
        kernel.close(fd);
    }
}
