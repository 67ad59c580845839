package dev.fairlead.transport.datagram;

import dev.fairlead.model.IpFamily;
import dev.fairlead.transport.linux.Kernel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of flows that are over, for flows to come: making, watching and closing one costs more than all that a short
 * flow says. One that was disconnected has no port any more, so nothing can be sent to it; the one that has lain here
 * longest is taken, long after whatever was on its way to its old port. Bounded. Confined to its loop.
 */
final class SpareSockets {
    /** Of both families together. */
    static final int MOST = 64;

    /** One that is still watched, at that slot. */
    final class Spare implements Watched {
        private final int fd;
        private final int slot;

        private Spare(int fd, int slot) {
            this.fd = fd;
            this.slot = slot;
        }

        int fd() {
            return fd;
        }

        int slot() {
            return slot;
        }

        /** A datagram that was on its way when the port went, for a flow that is over. */
        @Override
        public void readable() {
            kernel.dropReceived(fd);
        }

        @Override
        public void broken() {
            // It has nothing that could break.
        }
    }

    private final Kernel kernel;
    private final Map<IpFamily, Deque<Spare>> spares = new EnumMap<>(IpFamily.class);
    private int count;

    SpareSockets(Kernel kernel) {
        this.kernel = kernel;
        for (IpFamily family : IpFamily.values()) {
            spares.put(family, new ArrayDeque<>(0));
        }
    }

    /** One without a port, with nothing in its queue; null where there is none. */
    @Nullable
    Spare take(IpFamily family) {
        Deque<Spare> some = spares.get(family);
        Spare spare = some == null ? null : some.poll();
        if (spare != null) {
            count--;
            kernel.dropReceived(spare.fd);
        }
        return spare;
    }

    /** Takes one over; null where there are enough, or it cannot be had. */
    @Nullable
    Spare give(IpFamily family, int fd, int slot) {
        Deque<Spare> some = spares.get(family);
        if (some == null || count == MOST || kernel.disconnect(fd) < 0) {
            return null;
        }
        // What has come is dropped when it is taken, or when epoll tells of it.
        Spare spare = new Spare(fd, slot);
        some.add(spare);
        count++;
        return spare;
    }

    /** Closes all. */
    void clear(Consumer<Spare> forgetting) {
        for (Deque<Spare> some : spares.values()) {
            for (Spare spare : some) {
                forgetting.accept(spare);
                kernel.close(spare.fd);
            }
            some.clear();
        }
        count = 0;
    }
}
