package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "BPF is Linux only")
final class EpollChannelOneDoorTest extends OneDoorContract {
    @Override
    DataPath newPath(int loops) {
        return new ChannelDataPath(ChannelKind.EPOLL, loops);
    }
}
