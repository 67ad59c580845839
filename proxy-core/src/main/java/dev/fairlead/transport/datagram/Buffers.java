package dev.fairlead.transport.datagram;

import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;

/**
 * Room for some datagrams of any size. What no datagram has touched takes no memory. Only the kernel looks inside.
 */
final class Buffers {
    /** More than the largest datagram, 65,507 bytes over IPv4 and 65,527 over IPv6. */
    static final int SIZE = 64 * 1024;
    // Buffers that all began at the start of a page would compete for the same few lines of the processor's cache.
    private static final int STRIDE = SIZE + 128;

    private final Kernel kernel;
    private final long base;
    private final long bytes;

    /**
     * Reserves it.
     *
     * @throws IllegalStateException when there is no memory
     */
    Buffers(Kernel kernel, int count) {
        this.kernel = kernel;
        this.bytes = (long) count * STRIDE;
        this.base = kernel.map(bytes);
        if (base < 0) {
            throw new IllegalStateException("memory for datagrams: " + Errno.word((int) -base));
        }
    }

    long address(int buffer) {
        return base + (long) buffer * STRIDE;
    }

    void close() {
        kernel.unmap(base, bytes);
    }
}
