package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Has every thread of this process, also those of the JVM, call capset(2), which the kernel lets a thread do for itself
 * alone. As glibc does it for setuid(2), nptl/setxid: each is sent a signal whose handler makes the call. The handler
 * is five instructions of our own, since Java cannot run in one.
 */
final class EveryThread {
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final long PATIENCE_NANOS = 2_000_000_000L;
    private static final long GLANCE_NANOS = 200_000;

    // x86-64: arch/x86/entry/syscalls/syscall_64.tbl
    private static final long MPROTECT = 10;
    private static final long RT_SIGACTION = 13;
    private static final int RT_SIGRETURN = 15;
    private static final int CAPSET = 126;
    private static final long TGKILL = 234;

    private static final int LAST_SIGNAL = 64;
    private static final int FIRST_FREE_SIGNAL = 34; // glibc has the two before it
    private static final long SA_SIGINFO_RESTORER_ONSTACK_RESTART = 0x4L | 0x04000000L | 0x08000000L | 0x10000000L;
    private static final long SIGSET_SIZE = 8;
    private static final int ACTION_SIZE = 32; // struct sigaction of the kernel: handler, flags, restorer, mask
    private static final int PROT_READ_EXEC = 5;
    private static final long PAGE = 4096;
    private static final int RESTORER = 64;
    private static final int ARGUMENTS = 128;

    private final SystemCall systemCall;

    /** @param systemCall of the calling thread */
    EveryThread(SystemCall systemCall) {
        this.systemCall = systemCall;
    }

    /** Where it can be done: the code is x86-64's. */
    static boolean possible() {
        return List.of("amd64", "x86_64").contains(System.getProperty("os.arch", ""));
    }

    /**
     * Does it, and looks for threads until none is left that has not.
     *
     * @param wanted no more than what any of them has
     * @return how many threads still have more
     * @throws IOException when it cannot be begun; no thread has changed then
     */
    int set(CapabilitySets wanted) throws IOException {
        int signal = freeSignal().orElseThrow(() -> new IOException("no signal is free"));
        install(signal, handler(wanted));
        long pid = ProcessHandle.current().pid();
        long end = System.nanoTime() + PATIENCE_NANOS;
        List<Long> left = withMore(wanted);
        while (!left.isEmpty() && System.nanoTime() < end) {
            // Twice to the same thread does no harm; to one that has ended neither.
            left.forEach(thread -> call(TGKILL, pid, thread, signal, 0));
            LockSupport.parkNanos(GLANCE_NANOS);
            left = withMore(wanted);
        }
        // The handler stays: a signal that is still on its way would end the process without one.
        return left.size();
    }

    private static List<Long> withMore(CapabilitySets wanted) throws IOException {
        List<Long> more = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(TASKS)) {
            for (Path task : tasks.toList()) {
                if (has(task, "CapPrm:", ~wanted.permitted()) || has(task, "CapInh:", ~wanted.inheritable())) {
                    more.add(Long.parseLong(task.getFileName().toString()));
                }
            }
        }
        return more;
    }

    private static boolean has(Path task, String line, long any) {
        try {
            return (Capability.mask(task.resolve("status"), line) & any) != 0;
        } catch (IOException ended) {
            return false;
        }
    }

    /** One that nobody handles, from the top, where hardly anybody looks. */
    private OptionalInt freeSignal() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(ACTION_SIZE, 8);
            for (int signal = LAST_SIGNAL; signal >= FIRST_FREE_SIGNAL; signal--) {
                if (call(RT_SIGACTION, signal, 0, action.address(), SIGSET_SIZE) == 0
                        && action.get(JAVA_LONG, 0) == 0) {
                    return OptionalInt.of(signal);
                }
            }
            return OptionalInt.empty();
        }
    }

    private void install(int signal, long page) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(ACTION_SIZE, 8);
            action.set(JAVA_LONG, 0, page);
            action.set(JAVA_LONG, 8, SA_SIGINFO_RESTORER_ONSTACK_RESTART);
            action.set(JAVA_LONG, 16, page + RESTORER);
            done("handle a signal", call(RT_SIGACTION, signal, action.address(), 0, SIGSET_SIZE));
        }
    }

    /** Memory with the handler, which is never given back: a thread may be in it. */
    @SuppressWarnings("restricted") // memory that the kernel has just given us, of just that size
    private long handler(CapabilitySets wanted) throws IOException {
        long page = done("give memory", new Kernel().map(PAGE));
        MemorySegment memory = MemorySegment.ofAddress(page).reinterpret(PAGE);
        wanted.write(memory.asSlice(ARGUMENTS, CapabilitySets.SIZE));
        int at = bytes(memory, 0, 0x48, 0xbf); // mov rdi, the header
        memory.set(JAVA_LONG_UNALIGNED, at, page + ARGUMENTS);
        at = bytes(memory, at + 8, 0x48, 0xbe); // mov rsi, the sets
        memory.set(JAVA_LONG_UNALIGNED, at, page + ARGUMENTS + CapabilitySets.DATA);
        at = systemCall(memory, at + 8, CAPSET);
        bytes(memory, at, 0xc3); // ret, to the restorer
        systemCall(memory, RESTORER, RT_SIGRETURN);
        done("make memory executable", call(MPROTECT, page, PAGE, PROT_READ_EXEC, 0));
        return page;
    }

    private static int systemCall(MemorySegment memory, int at, int number) {
        int next = bytes(memory, at, 0xb8); // mov eax, number
        memory.set(JAVA_INT_UNALIGNED, next, number);
        return bytes(memory, next + 4, 0x0f, 0x05); // syscall
    }

    private static int bytes(MemorySegment memory, int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            memory.set(JAVA_BYTE, at + i, (byte) values[i]);
        }
        return at + values.length;
    }

    private static long done(String what, long result) throws IOException {
        if (result < 0) {
            throw new IOException("the kernel will not " + what + ": " + Errno.word((int) -result));
        }
        return result;
    }

    private long call(long number, long a, long b, long c, long d) {
        return systemCall.call(number, a, b, c, d, 0, 0);
    }
}
