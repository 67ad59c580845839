package dev.fairlead.walls.counterexample.forward;

import io.netty.buffer.ByteBuf;

/** Sees Netty above the port. */
public final class SpeaksNetty {
    int capacity(ByteBuf buffer) {
        return buffer.capacity();
    }
}
