package dev.fairlead.transport.datagram;

import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Messages;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints' datagrams on their way to clients: received one flow after the other, sent one door after the other, so
 * that those of a door leave in one call. Confined to its loop.
 */
final class Replies {
    private static final int MOST = 64;
    /** Datagrams taken from one flow before others have their turn. */
    private static final int OF_ONE_FLOW = 8;
    private static final int NONE = -1;

    /** Those of one door, in their order. */
    static final class Queue {
        private int first = NONE;
        private int last = NONE;
    }

    private final Kernel kernel;
    private final LongAdder lost;
    private final Buffers buffers;
    private final Messages received;
    private final Messages sent;
    private final int[] lengths = new int[MOST];
    private final int[] next = new int[MOST];
    private final @Nullable SocketFlow[] flows = new SocketFlow[MOST];
    private final List<DoorSocket> doors = new ArrayList<>();
    private int used;

    /**
     * Holds none yet.
     *
     * @param lost counts what the kernel has no room for
     */
    Replies(Kernel kernel, Arena arena, LongAdder lost) {
        this.kernel = kernel;
        this.lost = lost;
        this.buffers = new Buffers(kernel, MOST);
        this.received = new Messages(arena, MOST, false);
        this.sent = new Messages(arena, MOST, true);
        for (int i = 0; i < MOST; i++) {
            received.bytes(i, buffers.address(i), Buffers.SIZE);
        }
    }

    /**
     * Takes from a connected socket: how many, or the errno negated. They are lost unless they are queued next.
     *
     * @param several whether more than one is likely: asking for more costs something where there is one
     */
    int receive(int fd, boolean several) {
        if (used == MOST) {
            flush();
        }
        if (!several) {
            long length = kernel.receive(fd, buffers.address(used), Buffers.SIZE);
            if (length < 0) {
                return (int) length;
            }
            lengths[used] = (int) length;
            return 1;
        }
        int count = kernel.receiveMany(fd, received.address(used), Math.min(OF_ONE_FLOW, MOST - used));
        for (int i = used; i < used + count; i++) {
            lengths[i] = received.received(i);
        }
        return count;
    }

    /** Queues what was just received; returns the bytes of it. */
    long queue(DoorSocket door, SocketFlow flow, int count) {
        long bytes = 0;
        Queue queue = door.replies();
        for (int end = used + count; used < end; used++) {
            bytes += lengths[used];
            flows[used] = flow;
            next[used] = NONE;
            if (queue.first == NONE) {
                queue.first = used;
                doors.add(door);
            } else {
                next[queue.last] = used;
            }
            queue.last = used;
        }
        return bytes;
    }

    /** Sends what is queued. */
    void flush() {
        for (int i = 0; i < doors.size(); i++) {
            send(doors.get(i));
        }
        doors.clear();
        used = 0;
    }

    private void send(DoorSocket door) {
        Queue queue = door.replies();
        int count = 0;
        for (int reply = queue.first; reply != NONE; reply = next[reply]) {
            sent.bytes(count, buffers.address(reply), lengths[reply]);
            SocketFlow flow = flows[reply];
            if (flow != null) {
                flow.name(sent, count++);
                flows[reply] = null;
            }
        }
        queue.first = NONE;
        queue.last = NONE;
        int gone = 0;
        while (gone < count) {
            int result = kernel.sendMany(door.fd(), sent.address(gone), count - gone);
            if (result > 0) {
                gone += result;
            } else if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
                lost.add(count - gone);
                return;
            } else if (result != -Errno.EINTR) {
                lost.increment(); // about this client's address alone
                gone++;
            }
        }
    }

    void close() {
        buffers.close();
    }
}
