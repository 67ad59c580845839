package dev.fairlead.transport.datagram;

import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Messages;
import dev.fairlead.transport.linux.PeerNames;
import java.lang.foreign.Arena;

/** One batch of clients' datagrams: received together, passed on before the next. Confined to its loop. */
final class Arrivals {
    /** Datagrams taken from one door before others have their turn. */
    static final int MOST = 64;

    private final Kernel kernel;
    private final Buffers buffers;
    private final Messages received;
    private final Messages passed;

    Arrivals(Kernel kernel, Arena arena) {
        this.kernel = kernel;
        this.buffers = new Buffers(kernel, MOST);
        this.received = new Messages(arena, MOST, true);
        this.passed = new Messages(arena, MOST, false);
        for (int i = 0; i < MOST; i++) {
            received.bytes(i, buffers.address(i), Buffers.SIZE);
            passed.bytes(i, buffers.address(i), 0);
        }
    }

    /** How many there are now, or the errno negated. */
    int receive(int fd) {
        int count = kernel.receiveMany(fd, received.address(0), MOST);
        for (int i = 0; i < count; i++) {
            received.expectName(i);
        }
        return count;
    }

    PeerNames names() {
        return received.names();
    }

    int length(int arrival) {
        return received.received(arrival);
    }

    /** Sends some, in a row, to a connected socket; how many the kernel took, or the errno negated. */
    int pass(int fd, int first, int count) {
        if (count == 1) {
            long result = kernel.send(fd, buffers.address(first), length(first), 0);
            return result < 0 ? (int) result : 1;
        }
        for (int i = first; i < first + count; i++) {
            passed.length(i, length(i));
        }
        return kernel.sendMany(fd, passed.address(first), count);
    }

    void close() {
        buffers.close();
    }
}
