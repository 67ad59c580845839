package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.SourceFilter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A filter as a classic BPF program on a listening socket: packets that it does not pass are gone before TCP sees them,
 * so that nobody answers. It looks at the source address and nothing else. Sockets that are accepted inherit it, and
 * keep it as it was; what it passes it must pass whole, or their bytes would be cut.
 */
public final class SourceFilterProgram {
    // include/uapi/linux/bpf_common.h and filter.h
    private static final int LOAD_WORD = 0x20;
    private static final int AND = 0x54;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP = 0x05;
    private static final int RETURN = 0x06;
    private static final int NETWORK_HEADER = -0x100000;
    private static final int WHOLE = 0xffffffff;
    private static final int MOST_INSTRUCTIONS = 4096;

    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_DETACH_FILTER = 27;

    // As struct sock_filter: code, jt, jf, k.
    private record Instruction(int code, int ifTrue, int ifFalse, int value) {
    }

    private final List<Instruction> program = new ArrayList<>();

    private SourceFilterProgram() {
    }

    /**
     * Whether the kernel lets this process filter TCP: it wants NET_ADMIN, and is not asked without.
     *
     * @return false also where it cannot be tried
     */
    public static boolean possible() {
        if (!Capability.effective().contains(Capability.NET_ADMIN)) {
            return false;
        }
        Kernel kernel = new Kernel();
        int fd = kernel.socket(IpFamily.IPV4);
        if (fd < 0) {
            return false;
        }
        int result = set(kernel, fd, SourceFilter.NOBODY, IpFamily.IPV4);
        kernel.close(fd);
        return result == 0;
    }

    /**
     * Puts it on a socket in place of the one before; 0, or the errno negated. Everybody is taken where the kernel lets
     * this process filter nothing, and where it has no room for a filter of so many blocks: net.core.optmem_max bounds
     * it, 4,096 instructions do, and a block of IPv4 takes four.
     */
    static int attach(Kernel kernel, int fd, SourceFilter filter, IpFamily family) {
        if (filter.equals(SourceFilter.EVERYBODY) || !Capability.effective().contains(Capability.NET_ADMIN)) {
            return detach(kernel, fd);
        }
        int result = set(kernel, fd, filter, family);
        if (result == -Errno.ENOMEM) {
            detach(kernel, fd); // the one before takes room too
            result = set(kernel, fd, filter, family);
        }
        return switch (-result) {
            case Errno.EPERM, Errno.E2BIG, Errno.ENOMEM -> detach(kernel, fd);
            default -> result;
        };
    }

    private static int detach(Kernel kernel, int fd) {
        int result = kernel.setOption(fd, Kernel.SOL_SOCKET, SO_DETACH_FILTER, 0);
        return result == -Errno.ENOENT ? 0 : result;
    }

    private static int set(Kernel kernel, int fd, SourceFilter filter, IpFamily family) {
        List<Instruction> program = new SourceFilterProgram().of(filter, family);
        if (program.size() > MOST_INSTRUCTIONS) {
            return -Errno.E2BIG;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(8L * program.size(), 8);
            for (int i = 0; i < program.size(); i++) {
                Instruction one = program.get(i);
                code.set(JAVA_SHORT, 8L * i, (short) one.code);
                code.set(JAVA_BYTE, 8L * i + 2, (byte) one.ifTrue);
                code.set(JAVA_BYTE, 8L * i + 3, (byte) one.ifFalse);
                code.set(JAVA_INT, 8L * i + 4, one.value);
            }
            MemorySegment header = arena.allocate(16, 8);
            header.set(JAVA_SHORT, 0, (short) program.size());
            header.set(JAVA_LONG, 8, code.address());
            return kernel.setOption(fd, Kernel.SOL_SOCKET, SO_ATTACH_FILTER, header);
        }
    }

    private List<Instruction> of(SourceFilter filter, IpFamily family) {
        for (List<Cidr> condition : filter.conditions()) {
            List<Cidr> blocks = condition.stream().filter(block -> block.family() == family).toList();
            // Each block is a test that either goes on behind the condition or falls through to the next block.
            int left = blocks.stream().mapToInt(block -> 3 * words(block) + 1).sum() + 1;
            for (Cidr block : blocks) {
                int end = program.size() + 3 * words(block) + 1;
                test(block, end);
                left -= 3 * words(block) + 1;
                add(JUMP, 0, 0, left);
            }
            add(RETURN, 0, 0, 0);
        }
        add(RETURN, 0, 0, WHOLE);
        return program;
    }

    /** How many words of an address must be looked at: those that the prefix reaches into. */
    private static int words(Cidr block) {
        return (block.prefix() + 31) / 32;
    }

    private void test(Cidr block, int otherwise) {
        byte[] base = block.base().getAddress();
        int source = NETWORK_HEADER + (block.family() == IpFamily.IPV4 ? 12 : 8);
        for (int word = 0; word < words(block); word++) {
            int bits = Math.min(32, block.prefix() - 32 * word);
            int at = 4 * word;
            int wanted = (base[at] & 0xff) << 24 | (base[at + 1] & 0xff) << 16 | (base[at + 2] & 0xff) << 8
                    | (base[at + 3] & 0xff);
            add(LOAD_WORD, 0, 0, source + at);
            add(AND, 0, 0, -1 << (32 - bits));
            add(JUMP_IF_EQUAL, 0, otherwise - program.size() - 1, wanted);
        }
    }

    private void add(int code, int ifTrue, int ifFalse, int value) {
        program.add(new Instruction(code, ifTrue, ifFalse, value));
    }
}
