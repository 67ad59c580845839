package dev.fairlead.app.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * What the kernel allows, each empty where it does not say: Documentation/networking/ip-sysctl.rst,
 * nf_conntrack-sysctl.rst, admin-guide/sysctl/net.rst.
 *
 * @param descriptors files that this process may have open
 * @param localPorts how many ports clients of one address may have
 * @param acceptQueue connections that may wait at a listening socket
 * @param receiveBuffer bytes that may wait at a socket
 * @param tracked connections that are tracked
 * @param trackable connections that may be
 */
record MachineFacts(OptionalLong descriptors, OptionalLong localPorts, OptionalLong acceptQueue,
        OptionalLong receiveBuffer, OptionalLong tracked, OptionalLong trackable) {
    private static final Path SETTINGS = Path.of("/proc/sys/net");

    /** As they are now. */
    static MachineFacts now(long descriptors) {
        return new MachineFacts(
                descriptors == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(descriptors),
                ports(), number("core/somaxconn"), number("core/rmem_max"),
                number("netfilter/nf_conntrack_count"), number("netfilter/nf_conntrack_max"));
    }

    private static OptionalLong ports() {
        List<Long> ends = numbers("ipv4/ip_local_port_range").boxed().toList();
        return ends.size() == 2 ? OptionalLong.of(ends.getLast() - ends.getFirst() + 1) : OptionalLong.empty();
    }

    private static OptionalLong number(String name) {
        return numbers(name).findFirst();
    }

    private static LongStream numbers(String name) {
        return line(name).stream().flatMap(text -> Arrays.stream(text.strip().split("\\s+", -1)))
                .mapToLong(Long::parseLong);
    }

    private static Optional<String> line(String name) {
        try {
            // In one read: the kernel tells a setting once, and Files.readString begins with its first digit alone.
            return Files.readAllLines(SETTINGS.resolve(name)).stream().findFirst();
        } catch (IOException notHere) {
            return Optional.empty();
        }
    }
}
