package dev.fairlead.transport.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The kernel's settings of this network namespace that are numbers: sysctl(8), below {@code net}. */
public final class NetSettings {
    private static final Path SETTINGS = Path.of("/proc/sys/net");

    private NetSettings() {
    }

    /**
     * What one says.
     *
     * @param name such as {@code ipv4/ip_local_port_range}
     * @return one number or several, as the setting has them; none where it is not here or says something else
     */
    public static List<Long> numbers(String name) {
        try {
            // In one read: the kernel tells a setting once, and Files.readString begins with its first digit alone.
            return Arrays.stream(Files.readAllLines(SETTINGS.resolve(name)).getFirst().strip().split("\\s+", -1))
                    .map(Long::parseLong).toList();
        } catch (IOException | RuntimeException unknown) {
            return List.of();
        }
    }
}
