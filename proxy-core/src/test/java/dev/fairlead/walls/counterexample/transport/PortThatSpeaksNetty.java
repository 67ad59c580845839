package dev.fairlead.walls.counterexample.transport;

import io.netty.channel.Channel;

/** Sees Netty in the port itself. */
public interface PortThatSpeaksNetty {
    Channel channel();
}
