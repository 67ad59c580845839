package dev.fairlead.transport.uring;

import io.netty.util.internal.CleanableDirectBuffer;
import java.nio.ByteBuffer;

/**
 * Memory the kernel may be told to read from or write to.
 *
 * @param chunk what it was carved from
 * @param bytes the whole block; its position and limit mean nothing
 * @param address where it is
 */
record Block(Blocks home, CleanableDirectBuffer chunk, ByteBuffer bytes, long address) {
    /** A request and its answer are usually shorter; an idle connection owns two of these. In bytes. */
    static final int SMALL = 1024;
    /** What a flow may hold while there is much to pass, in bytes. */
    static final int LARGE = 256 * 1024;

    int size() {
        return bytes.capacity();
    }

    void giveBack() {
        home.give(this);
    }
}
