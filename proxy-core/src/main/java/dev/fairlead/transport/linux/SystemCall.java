package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * One thread's door into the kernel: libc's {@code syscall}, six numbers in, one out. One method handle serves every
 * call, since each further handle costs about ten milliseconds at start.
 */
final class SystemCall {
    private static final MethodHandle SYSCALL = handle();
    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(PathElement.groupElement("errno"));

    // Not static, so that the compiler takes it for no constant and makes the call's code once, by itself. Within its
    // callers' it runs out of levels to inline, and then a slice of errno's segment is allocated at every call.
    private final MethodHandle syscall = SYSCALL;
    private final MemorySegment errno;

    /** For one thread at a time; arena: lives as long as this is used. */
    SystemCall(Arena arena) {
        errno = arena.allocate(Linker.Option.captureStateLayout());
    }

    /**
     * Makes one call; arguments that it does not have are 0.
     *
     * @return the kernel's result, or the errno negated
     */
    long call(long number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) syscall.invokeExact(errno, number, a, b, c, d, e, f);
            return result == -1 ? -(int) ERRNO.get(errno, 0L) : result;
        } catch (Throwable impossible) {
            throw new AssertionError("a system call does not throw", impossible);
        }
    }

    @SuppressWarnings("restricted") // a wrong number could crash the process: this class and Kernel answer for them
    private static MethodHandle handle() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG),
                // Without it the JVM's own work between the call and our look may have overwritten errno.
                Linker.Option.captureCallState("errno"), Linker.Option.firstVariadicArg(1));
    }
}
