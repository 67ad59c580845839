package dev.fairlead.walls.counterexample.app;

import io.netty.channel.Channel;

/** Sees Netty in the assembly. */
public interface SpeaksNetty {
    Channel channel();
}
