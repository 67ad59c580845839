package dev.fairlead.transport.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** The privileges that we have a use for, and which of them this process has: capabilities(7). */
public enum Capability {
    NET_BIND_SERVICE(10), NET_ADMIN(12), NET_RAW(13), SYS_ADMIN(21), BPF(39);

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String EFFECTIVE = "CapEff:";

    private final int bit;

    Capability(int bit) {
        this.bit = bit;
    }

    /** Those in force for this process; none where the system cannot say. */
    public static Set<Capability> effective() {
        try {
            return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith(EFFECTIVE))
                    .map(line -> ofMask(Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16)))
                    .findFirst().orElseGet(Set::of);
        } catch (IOException | NumberFormatException elsewhere) {
            return Set.of();
        }
    }

    /** Those whose bits are set. */
    static Set<Capability> ofMask(long mask) {
        Set<Capability> set = EnumSet.noneOf(Capability.class);
        for (Capability one : values()) {
            if ((mask >>> one.bit & 1) != 0) {
                set.add(one);
            }
        }
        return set;
    }
}
