package dev.fairlead.transport.uring;

import java.nio.ByteBuffer;

/**
 * Memory the kernel may be told to read from or write to.
 *
 * @param bytes the whole block; its position and limit mean nothing
 * @param address where it is
 */
record Block(Blocks home, ByteBuffer bytes, long address) {
    int size() {
        return bytes.capacity();
    }

    void giveBack() {
        home.give(this);
    }
}
