package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.epoll.EpollDataPath;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "BPF is Linux only")
final class EpollHandleOneDoorTest extends OneDoorContract {
    @Override
    DataPath newPath(int loops) {
        return new EpollDataPath(loops);
    }
}
