package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;

final class NioChannelConnectTest extends ConnectContract {
    @Override
    DataPath newPath(int loops) {
        return new ChannelDataPath(ChannelKind.NIO, loops);
    }

    @Override
    boolean seesResetWithoutReading() {
        return false;
    }
}
