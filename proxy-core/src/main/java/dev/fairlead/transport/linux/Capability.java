package dev.fairlead.transport.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** The privileges that we have a use for, and which of them we have: capabilities(7). */
public enum Capability {
    DAC_OVERRIDE(1), DAC_READ_SEARCH(2), NET_BIND_SERVICE(10), NET_ADMIN(12), SYS_ADMIN(21), BPF(39);

    // The first in /proc/self is another thread than the one that asks.
    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final String EFFECTIVE = "CapEff:";

    private final int bit;

    Capability(int bit) {
        this.bit = bit;
    }

    /** Those in force for the calling thread; none where the system cannot say. */
    public static Set<Capability> effective() {
        try {
            return ofMask(mask(STATUS, EFFECTIVE));
        } catch (IOException elsewhere) {
            return Set.of();
        }
    }

    /**
     * One line of a thread's status as the kernel writes it, a bit for each capability; proc_pid_status(5).
     *
     * @throws IOException also where there is no such line
     */
    static long mask(Path status, String line) throws IOException {
        for (String one : Files.readAllLines(status)) {
            if (one.startsWith(line)) {
                return Long.parseUnsignedLong(one.substring(line.length()).strip(), 16);
            }
        }
        throw new IOException(status + " has no " + line);
    }

    /** Those whose bits are set. */
    static Set<Capability> ofMask(long mask) {
        Set<Capability> set = EnumSet.noneOf(Capability.class);
        for (Capability one : values()) {
            if ((mask & one.mask()) != 0) {
                set.add(one);
            }
        }
        return set;
    }

    /** The bits of all of these. */
    static long mask(Collection<Capability> set) {
        return set.stream().mapToLong(Capability::mask).reduce(0, (one, other) -> one | other);
    }

    private long mask() {
        return 1L << bit;
    }
}
