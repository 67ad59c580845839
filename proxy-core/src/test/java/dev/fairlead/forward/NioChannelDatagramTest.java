package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import java.io.IOException;
import org.junit.jupiter.api.condition.OS;

final class NioChannelDatagramTest extends DatagramContract {
    NioChannelDatagramTest() throws IOException {
    }

    @Override
    DataPath newPath(int loops) {
        return new ChannelDataPath(ChannelKind.NIO, loops);
    }

    @Override
    boolean doorOnEachLoop() {
        return OS.LINUX.isCurrentOs();
    }
}
