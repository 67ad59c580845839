package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The one door into the kernel: libc's {@code syscall}, six numbers in, one out. One method handle serves every call,
 * since each further handle costs about ten milliseconds at start.
 */
final class SystemCall {
    private static final MethodHandle SYSCALL = handle();
    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(PathElement.groupElement("errno"));

    private SystemCall() {
    }

    /**
     * Makes one call.
     *
     * @param errno where the call's errno is written; of the calling thread alone
     * @return the kernel's result, or the errno negated
     */
    static long call(MemorySegment errno, long number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
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

    /** The size of what {@link #call} needs for errno, in bytes. */
    static long errnoSize() {
        return Linker.Option.captureStateLayout().byteSize();
    }

    /** Of an int layout, said here so that nobody else needs the API: the alignment of errno in bytes. */
    static long errnoAlignment() {
        return JAVA_INT.byteAlignment();
    }
}
