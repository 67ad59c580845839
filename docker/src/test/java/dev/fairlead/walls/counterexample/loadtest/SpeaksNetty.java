package dev.fairlead.walls.counterexample.loadtest;

import io.netty.channel.Channel;

/** Sees Netty beside the generator. */
public interface SpeaksNetty {
    Channel channel();
}
