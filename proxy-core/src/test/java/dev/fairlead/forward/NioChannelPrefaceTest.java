package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import java.io.IOException;

final class NioChannelPrefaceTest extends PrefaceContract {
    NioChannelPrefaceTest() throws IOException {
    }

    @Override
    DataPath newPath(int loops) {
        return new ChannelDataPath(ChannelKind.NIO, loops);
    }
}
