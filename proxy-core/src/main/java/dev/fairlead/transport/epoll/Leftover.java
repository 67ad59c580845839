package dev.fairlead.transport.epoll;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Bytes that were read and not taken by the sink yet. Confined to its loop. */
final class Leftover {
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment bytes;
    private long taken;

    /** A copy of the bytes. */
    Leftover(MemorySegment there) {
        bytes = arena.allocate(there.byteSize()).copyFrom(there);
    }

    long address() {
        return bytes.address() + taken;
    }

    long length() {
        return bytes.byteSize() - taken;
    }

    void taken(long count) {
        taken += count;
    }

    void free() {
        arena.close();
    }
}
