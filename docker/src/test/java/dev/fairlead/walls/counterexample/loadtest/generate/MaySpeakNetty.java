package dev.fairlead.walls.counterexample.loadtest.generate;

import io.netty.channel.Channel;

/** Keeps the wall around Netty: the generator stands on its event loops. */
public interface MaySpeakNetty {
    Channel channel();
}
