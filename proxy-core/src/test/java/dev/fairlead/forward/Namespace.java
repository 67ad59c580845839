package dev.fairlead.forward;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.transport.linux.Kernel;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace of a test's own. A thread that is inside makes its sockets there, starts processes there, and so
 * do the threads that it starts; other threads of this JVM stay where they are.
 */
final class Namespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;
    private final int outside;
    private final int inside;
    private final Kernel kernel = new Kernel();

    private Namespace(String name) {
        this.name = name;
        this.outside = open("/proc/thread-self/ns/net");
        this.inside = open("/run/netns/" + name);
    }

    /** A new one with loopback up. Skips the test where there can be none. */
    static Namespace create() {
        assumeTrue(Kernel.unavailable().isEmpty(), () -> "needs Linux: " + Kernel.unavailable().orElse(""));
        String name = "fl-door-" + ProcessHandle.current().pid() + "-" + NUMBER.getAndIncrement();
        assumeTrue(status("ip", "netns", "add", name) == 0,
                "needs the command ip (iproute2) and the right to make a network namespace");
        Namespace namespace = new Namespace(name);
        namespace.run("ip link set lo up");
        return namespace;
    }

    String name() {
        return name;
    }

    /** Runs a command inside; fails where that fails. */
    void run(String command) {
        int status = status(("ip netns exec " + name + " " + command).split(" ", -1));
        if (status != 0) {
            throw new AssertionError(command + " ended with " + status + " in " + name);
        }
    }

    private static int status(String... command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException missing) {
            return -1;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /** The calling thread goes in. */
    void enter() {
        move(inside);
    }

    /** The calling thread comes out to where this was created. */
    void leave() {
        move(outside);
    }

    private int open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            int fd = kernel.openToRead(arena.allocateFrom(path, UTF_8).address());
            if (fd < 0) {
                throw new IllegalStateException(path + ": errno " + -fd);
            }
            return fd;
        }
    }

    private static void move(int namespace) {
        int result;
        try {
            result = (int) SetNamespace.HANDLE.invokeExact(namespace, CLONE_NEWNET);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
        if (result != 0) {
            throw new IllegalStateException("setns(2) did not move the thread");
        }
    }

    /** The namespace goes when the last socket in it is closed. */
    @Override
    public void close() {
        kernel.close(inside);
        kernel.close(outside);
        status("ip", "netns", "delete", name);
    }

    /** libc's setns, looked up where it is first needed: not everywhere is Linux. */
    private static final class SetNamespace {
        static final MethodHandle HANDLE = handle();

        @SuppressWarnings("restricted") // a test may call libc
        private static MethodHandle handle() {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow("setns"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
        }
    }
}
