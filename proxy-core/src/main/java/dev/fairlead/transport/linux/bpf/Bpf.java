package dev.fairlead.transport.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The commands of bpf(2) that steering needs; include/uapi/linux/bpf.h has their attributes. For one thread at a time.
 */
final class Bpf {
    /** The kinds of maps; enum bpf_map_type. */
    enum MapKind {
        HASH(1), LPM_TRIE(11), SOCKMAP(15);

        private final int number;

        MapKind(int number) {
            this.number = number;
        }
    }

    /** Elements take memory when they come, not before. */
    static final int NO_PREALLOCATION = 1;

    private static final int MAP_CREATE = 0;
    private static final int MAP_UPDATE_ELEM = 2;
    private static final int MAP_DELETE_ELEM = 3;
    private static final int PROG_LOAD = 5;
    private static final int LINK_CREATE = 28;
    private static final int PROG_TYPE_SK_LOOKUP = 30;
    private static final int ATTACH_SK_LOOKUP = 36;
    private static final int ATTRIBUTES = 128;
    private static final int MOST_ATTEMPTS = 100;
    private static final int LOG_SIZE = 64 * 1024;

    private final Kernel kernel = new Kernel();
    private final MemorySegment attributes = Arena.ofAuto().allocate(ATTRIBUTES, 8);

    /** An empty map; its descriptor. */
    int map(MapKind kind, int keyBytes, int valueBytes, int most, int flags) throws SteeringFailure {
        attributes.fill((byte) 0);
        attributes.set(JAVA_INT, 0, kind.number);
        attributes.set(JAVA_INT, 4, keyBytes);
        attributes.set(JAVA_INT, 8, valueBytes);
        attributes.set(JAVA_INT, 12, most);
        attributes.set(JAVA_INT, 16, flags);
        return done("make a BPF map", kernel.bpf(MAP_CREATE, attributes.address(), ATTRIBUTES));
    }

    /** Puts an element into a map, in the place of one with the same key; 0, or the errno negated. */
    int put(int map, MemorySegment key, MemorySegment value) {
        element(map, key);
        attributes.set(JAVA_LONG, 16, value.address());
        return kernel.bpf(MAP_UPDATE_ELEM, attributes.address(), ATTRIBUTES);
    }

    /** Takes an element out of a map; 0, or the errno negated. */
    int remove(int map, MemorySegment key) {
        element(map, key);
        return kernel.bpf(MAP_DELETE_ELEM, attributes.address(), ATTRIBUTES);
    }

    private void element(int map, MemorySegment key) {
        attributes.fill((byte) 0);
        attributes.set(JAVA_INT, 0, map);
        attributes.set(JAVA_LONG, 8, key.address());
    }

    /** A program of this kind that the kernel has found sound; its descriptor. */
    int program(Instructions code) throws SteeringFailure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment log = arena.allocate(LOG_SIZE);
            attributes.fill((byte) 0);
            attributes.set(JAVA_INT, 0, PROG_TYPE_SK_LOOKUP);
            attributes.set(JAVA_INT, 4, code.count());
            attributes.set(JAVA_LONG, 8, code.assemble(arena).address());
            attributes.set(JAVA_LONG, 16, arena.allocateFrom("Apache-2.0", UTF_8).address());
            attributes.set(JAVA_INT, 68, ATTACH_SK_LOOKUP);
            int result = load();
            if (result == -Errno.EACCES || result == -Errno.EINVAL) {
                // Once more with the verifier's reasons, which cost time to write.
                attributes.set(JAVA_INT, 24, 1);
                attributes.set(JAVA_INT, 28, LOG_SIZE);
                attributes.set(JAVA_LONG, 32, log.address());
                result = load();
                String said = log.getString(0, UTF_8).strip();
                return done("load a BPF program" + (said.isEmpty() ? "" : " (" + lastLine(said) + ")"), result);
            }
            return done("load a BPF program", result);
        }
    }

    /** The verifier gives up when a signal comes, which is no answer: the JVM sends its threads signals. */
    private int load() {
        int result;
        int attempts = 0;
        do {
            result = kernel.bpf(PROG_LOAD, attributes.address(), ATTRIBUTES);
        } while (result == -Errno.EAGAIN && ++attempts < MOST_ATTEMPTS);
        return result;
    }

    private static String lastLine(String text) {
        // The very last says how much was looked at.
        return text.lines().filter(line -> !line.startsWith("processed ")).reduce((_, last) -> last).orElse(text);
    }

    /** Has this thread's network namespace run a program for as long as the descriptor is open. */
    int attach(int program) throws SteeringFailure {
        try (Arena arena = Arena.ofConfined()) {
            int namespace = done("open the network namespace",
                    kernel.openToRead(arena.allocateFrom("/proc/thread-self/ns/net", UTF_8).address()));
            try {
                attributes.fill((byte) 0);
                attributes.set(JAVA_INT, 0, program);
                attributes.set(JAVA_INT, 4, namespace);
                attributes.set(JAVA_INT, 8, ATTACH_SK_LOOKUP);
                return done("attach a BPF program to the network namespace",
                        kernel.bpf(LINK_CREATE, attributes.address(), ATTRIBUTES));
            } finally {
                kernel.close(namespace);
            }
        }
    }

    void close(int fd) {
        kernel.close(fd);
    }

    private static int done(String what, int result) throws SteeringFailure {
        if (result < 0) {
            throw new SteeringFailure("the kernel will not " + what + ": " + Errno.word(-result) + advice(-result));
        }
        return result;
    }

    private static String advice(int errno) {
        return switch (errno) {
            case Errno.EPERM -> " (it takes the capabilities BPF and NET_ADMIN)";
            case Errno.EINVAL, Errno.ENOSYS -> " (it takes Linux 5.9 or later with CONFIG_BPF_SYSCALL)";
            case Errno.E2BIG -> " (there are 64 already, the most that a network namespace can have)";
            default -> "";
        };
    }
}
