package dev.fairlead.transport.uring;

import io.netty.util.internal.CleanableDirectBuffer;

/**
 * Memory the kernel may be told to read from or write to.
 *
 * @param chunk what it was carved from
 * @param offset where it begins there
 * @param size in bytes
 * @param address where it is in memory
 */
record Block(Blocks home, CleanableDirectBuffer chunk, int offset, int size, long address) {
    /** A request and its answer are usually shorter; an idle connection owns two of these. In bytes. */
    static final int SMALL = 1024;
    /** What a flow may hold while there is much to pass, in bytes. */
    static final int LARGE = 256 * 1024;

    /** Copies the first bytes of another block to the begin of this one. */
    void copy(Block from, int bytes) {
        chunk.buffer().put(offset, from.chunk.buffer(), from.offset, bytes);
    }

    /** Sets the first bytes. */
    void put(byte[] bytes) {
        chunk.buffer().put(offset, bytes);
    }

    void giveBack() {
        home.give(this);
    }
}
