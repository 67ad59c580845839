package dev.fairlead.transport.uring;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** System calls that do not go through the ring; each answers the result or the negated errno. */
@SuppressWarnings("restricted")
final class Kernel {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET = call("socket", 3);
    private static final MethodHandle SHUTDOWN = call("shutdown", 2);
    private static final MethodHandle CLOSE = call("close", 1);
    private static final MethodHandle LISTEN = call("listen", 2);
    private static final MethodHandle BIND = LINKER.downcallHandle(
            LINKER.defaultLookup().find("bind").orElseThrow(), FunctionDescriptor.of(ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle NAME = LINKER.downcallHandle(
            LINKER.defaultLookup().find("getsockname").orElseThrow(), FunctionDescriptor.of(ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle OPTION = LINKER.downcallHandle(
            LINKER.defaultLookup().find("setsockopt").orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
            Linker.Option.captureCallState("errno"));
    private static final ThreadLocal<MemorySegment> CAPTURE = ThreadLocal
            .withInitial(() -> Arena.ofAuto().allocate(STATE));
    private static final ThreadLocal<MemorySegment> VALUE = ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(8));

    private Kernel() {
    }

    private static MethodHandle call(String name, int ints) {
        ValueLayout[] arguments = new ValueLayout[ints];
        java.util.Arrays.fill(arguments, ValueLayout.JAVA_INT);
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments), Linker.Option.captureCallState("errno"));
    }

    private static int result(int result, MemorySegment capture) {
        return result >= 0 ? result : -(int) ERRNO.get(capture, 0L);
    }

    static int socket(int domain, int type) {
        MemorySegment capture = CAPTURE.get();
        try {
            return result((int) SOCKET.invokeExact(capture, domain, type, 0), capture);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int shutdown(int fd, int how) {
        MemorySegment capture = CAPTURE.get();
        try {
            return result((int) SHUTDOWN.invokeExact(capture, fd, how), capture);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int close(int fd) {
        MemorySegment capture = CAPTURE.get();
        try {
            return result((int) CLOSE.invokeExact(capture, fd), capture);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int listen(int fd, int backlog) {
        MemorySegment capture = CAPTURE.get();
        try {
            return result((int) LISTEN.invokeExact(capture, fd, backlog), capture);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int bind(int fd, long address, int length) {
        MemorySegment capture = CAPTURE.get();
        try {
            return result((int) BIND.invokeExact(capture, fd, address, length), capture);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int name(int fd, long address, long length) {
        MemorySegment capture = CAPTURE.get();
        try {
            return result((int) NAME.invokeExact(capture, fd, address, length), capture);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    static int option(int fd, int level, int name, int value) {
        MemorySegment capture = CAPTURE.get();
        MemorySegment holder = VALUE.get();
        holder.set(ValueLayout.JAVA_INT, 0, value);
        try {
            return result((int) OPTION.invokeExact(capture, fd, level, name, holder.address(), 4), capture);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** SO_LINGER with zero seconds: the next close sends a reset. */
    static void lingerNot(int fd) {
        MemorySegment capture = CAPTURE.get();
        MemorySegment holder = VALUE.get();
        holder.set(ValueLayout.JAVA_INT, 0, 1);
        holder.set(ValueLayout.JAVA_INT, 4, 0);
        try {
            int ignored = (int) OPTION.invokeExact(capture, fd, 1, 13, holder.address(), 8);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
