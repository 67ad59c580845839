package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.epoll.EpollDataPath;
import java.io.IOException;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "epoll is Linux only")
final class EpollHandlePrefaceTest extends PrefaceContract {
    EpollHandlePrefaceTest() throws IOException {
    }

    @Override
    DataPath newPath(int loops) {
        return new EpollDataPath(loops);
    }
}
