package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a thread may do, may come to do, and hands on to programs that it starts: capget(2). A bit for each capability.
 */
record CapabilitySets(long effective, long permitted, long inheritable) {
    /** Of struct __user_cap_header_struct and two struct __user_cap_data_struct, one behind the other. */
    static final int SIZE = 32;
    static final int DATA = 8;

    private static final int VERSION_3 = 0x20080522;
    private static final int HALF = 12;

    /** Those of the calling thread. */
    static CapabilitySets ofThread(SystemCall systemCall, long capget) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(SIZE, 8);
            memory.set(JAVA_INT, 0, VERSION_3);
            long result = systemCall.call(capget, memory.address(), memory.address() + DATA, 0, 0, 0, 0);
            if (result < 0) {
                return new CapabilitySets(0, 0, 0); // a sandbox that does not know them
            }
            return new CapabilitySets(read(memory, 0), read(memory, 4), read(memory, 8));
        }
    }

    private static long read(MemorySegment memory, int offset) {
        return Integer.toUnsignedLong(memory.get(JAVA_INT, DATA + offset))
                | (long) memory.get(JAVA_INT, DATA + HALF + offset) << 32;
    }

    /** Of each set what is in the mask, too. */
    CapabilitySets within(long mask) {
        return new CapabilitySets(effective & mask, permitted & mask, inheritable & mask);
    }

    /** As capset(2) takes them for the calling thread. */
    void write(MemorySegment memory) {
        memory.set(JAVA_INT, 0, VERSION_3);
        memory.set(JAVA_INT, 4, 0);
        write(memory, 0, effective);
        write(memory, 4, permitted);
        write(memory, 8, inheritable);
    }

    private static void write(MemorySegment memory, int offset, long set) {
        memory.set(JAVA_INT, DATA + offset, (int) set);
        memory.set(JAVA_INT, DATA + HALF + offset, (int) (set >>> 32));
    }
}
