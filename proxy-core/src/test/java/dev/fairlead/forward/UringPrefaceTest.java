package dev.fairlead.forward;

import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.uring.UringDataPath;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "io_uring is Linux only")
final class UringPrefaceTest extends PrefaceContract {
    UringPrefaceTest() throws IOException {
    }

    @Override
    DataPath newPath(int loops) {
        // Containers often forbid io_uring: the report says that it was skipped for that.
        UringDataPath.unavailable().ifPresent(why -> Assumptions.abort("io_uring: " + why));
        return new UringDataPath(loops);
    }
}
