package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.uring.UringDataPath;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "BPF is Linux only")
final class UringOneDoorTest extends OneDoorContract {
    @Override
    DataPath newPath(int loops) {
        // Containers often forbid io_uring: the report says that it was skipped for that.
        UringDataPath.unavailable().ifPresent(why -> Assumptions.abort("io_uring: " + why));
        return new UringDataPath(loops);
    }
}
