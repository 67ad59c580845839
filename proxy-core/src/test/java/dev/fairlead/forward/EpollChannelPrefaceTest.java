package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.channel.ChannelDataPath;
import dev.fairlead.transport.channel.ChannelKind;
import java.io.IOException;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "epoll is Linux only")
final class EpollChannelPrefaceTest extends PrefaceContract {
    EpollChannelPrefaceTest() throws IOException {
    }

    @Override
    DataPath newPath(int loops) {
        return new ChannelDataPath(ChannelKind.EPOLL, loops);
    }
}
