package dev.fairlead.walls.counterexample.transport.channel;

import io.netty.channel.Channel;

/** Keeps the wall around Netty. */
public interface MaySpeakNetty {
    Channel channel();
}
