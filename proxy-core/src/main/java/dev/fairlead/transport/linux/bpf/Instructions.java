package dev.fairlead.transport.linux.bpf;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts a program for the kernel's BPF machine together: 64 bits an instruction, eleven registers, jumps to labels. The
 * codes are those of include/uapi/linux/bpf.h; the numbering is that of processors whose first byte is the lowest, as
 * all are that the kernel's calls are known for.
 */
final class Instructions {
    /** The registers. R0 is what a call gave back and what the program ends with; R6 to R9 outlive a call. */
    enum Register {
        R0, R1, R2, R3, R4, R5, R6, R7, R8, R9,
        /** Where the stack ends; it grows down from here, 512 bytes at most. */
        FRAME
    }

    /** The kernel's functions that a program may call; enum bpf_func_id. */
    enum Function {
        MAP_LOOKUP_ELEM(1), SK_RELEASE(86), SK_ASSIGN(124);

        private final int number;

        Function(int number) {
            this.number = number;
        }
    }

    private static final int LOAD_IMMEDIATE_64 = 0x18;
    private static final int LOAD_32 = 0x61;
    private static final int LOAD_16 = 0x69;
    private static final int STORE_CONSTANT_32 = 0x62;
    private static final int STORE_32 = 0x63;
    private static final int MOVE = 0xbf;
    private static final int MOVE_CONSTANT = 0xb7;
    private static final int ADD_CONSTANT = 0x07;
    private static final int OR = 0x4f;
    private static final int AND_CONSTANT = 0x57;
    private static final int SHIFT_LEFT = 0x67;
    private static final int ADD_32 = 0x0c;
    private static final int MULTIPLY_CONSTANT_32 = 0x24;
    private static final int SHIFT_RIGHT_32 = 0x74;
    private static final int MODULO_32 = 0x9c;
    private static final int JUMP = 0x05;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int JUMP_IF_NOT_EQUAL = 0x55;
    private static final int CALL = 0x85;
    private static final int EXIT = 0x95;
    private static final int PSEUDO_MAP_FD = 1;

    private final List<Long> words = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, String> jumps = new HashMap<>();

    private Instructions add(int code, int to, int from, int offset, int constant) {
        words.add(Integer.toUnsignedLong(constant) << 32 | (offset & 0xffffL) << 16 | (long) from << 12
                | (long) to << 8 | code);
        return this;
    }

    Instructions load32(Register to, Register from, int offset) {
        return add(LOAD_32, to.ordinal(), from.ordinal(), offset, 0);
    }

    Instructions load16(Register to, Register from, int offset) {
        return add(LOAD_16, to.ordinal(), from.ordinal(), offset, 0);
    }

    /** Into the stack. */
    Instructions store32(int offset, Register from) {
        return add(STORE_32, Register.FRAME.ordinal(), from.ordinal(), offset, 0);
    }

    /** Into the stack. */
    Instructions store32(int offset, int constant) {
        return add(STORE_CONSTANT_32, Register.FRAME.ordinal(), 0, offset, constant);
    }

    Instructions move(Register to, Register from) {
        return add(MOVE, to.ordinal(), from.ordinal(), 0, 0);
    }

    Instructions move(Register to, int constant) {
        return add(MOVE_CONSTANT, to.ordinal(), 0, 0, constant);
    }

    /** Makes the register point into the stack. */
    Instructions point(Register to, int offset) {
        return move(to, Register.FRAME).add(ADD_CONSTANT, to.ordinal(), 0, 0, offset);
    }

    Instructions or(Register to, Register from) {
        return add(OR, to.ordinal(), from.ordinal(), 0, 0);
    }

    Instructions and(Register to, int constant) {
        return add(AND_CONSTANT, to.ordinal(), 0, 0, constant);
    }

    Instructions shiftLeft(Register to, int bits) {
        return add(SHIFT_LEFT, to.ordinal(), 0, 0, bits);
    }

    Instructions add32(Register to, Register from) {
        return add(ADD_32, to.ordinal(), from.ordinal(), 0, 0);
    }

    Instructions multiply32(Register to, int constant) {
        return add(MULTIPLY_CONSTANT_32, to.ordinal(), 0, 0, constant);
    }

    Instructions shiftRight32(Register to, int bits) {
        return add(SHIFT_RIGHT_32, to.ordinal(), 0, 0, bits);
    }

    Instructions modulo32(Register to, Register by) {
        return add(MODULO_32, to.ordinal(), by.ordinal(), 0, 0);
    }

    /** Makes the register point to a map, of which the kernel is told the descriptor. */
    Instructions map(Register to, int fd) {
        return add(LOAD_IMMEDIATE_64, to.ordinal(), PSEUDO_MAP_FD, 0, fd).add(0, 0, 0, 0, 0);
    }

    Instructions call(Function function) {
        return add(CALL, 0, 0, 0, function.number);
    }

    Instructions exit() {
        return add(EXIT, 0, 0, 0, 0);
    }

    Instructions jump(String label) {
        jumps.put(words.size(), label);
        return add(JUMP, 0, 0, 0, 0);
    }

    Instructions jumpIfEqual(Register register, int constant, String label) {
        jumps.put(words.size(), label);
        return add(JUMP_IF_EQUAL, register.ordinal(), 0, 0, constant);
    }

    Instructions jumpIfNotEqual(Register register, int constant, String label) {
        jumps.put(words.size(), label);
        return add(JUMP_IF_NOT_EQUAL, register.ordinal(), 0, 0, constant);
    }

    /** Jumps to this label go to the instruction that comes next. */
    Instructions label(String label) {
        labels.put(label, words.size());
        return this;
    }

    int count() {
        return words.size();
    }

    /**
     * As the kernel reads them.
     *
     * @throws IllegalStateException where a jump's label is missing
     */
    MemorySegment assemble(Arena arena) {
        MemorySegment code = arena.allocate(JAVA_LONG, words.size());
        for (int i = 0; i < words.size(); i++) {
            code.setAtIndex(JAVA_LONG, i, words.get(i) | distance(i) << 16);
        }
        return code;
    }

    /** How far the instruction jumps, counted from the next one. */
    private long distance(int from) {
        String label = jumps.get(from);
        if (label == null) {
            return 0;
        }
        Integer to = labels.get(label);
        if (to == null) {
            throw new IllegalStateException("label: " + label + " (expected: one of " + labels.keySet() + ")");
        }
        return (to - from - 1) & 0xffffL;
    }
}
