package dev.fairlead.e2e.cluster;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.e2e.Place;
import dev.fairlead.e2e.Requires;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network namespace with a name, as {@code ip netns} makes them. Its name holds it while nothing runs in it, as the
 * pause container holds a pod's: processes and sockets in it come and go.
 */
public final class NetworkNamespace implements Place, AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;
    private static final int CLONE_NEWNET = 0x40000000; // include/uapi/linux/sched.h
    private static final Path NAMES = Path.of("/run/netns");
    /** The namespace of the process's first thread, which is never elsewhere. */
    private static final Path OWN = Path.of("/proc/self/ns/net");

    private final String name;

    NetworkNamespace(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** One with a loopback interface that is up and nothing else; skips the test where it cannot be had. */
    public static NetworkNamespace alone() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to make a network namespace");
        NetworkNamespace made = new NetworkNamespace("fairlead-" + ProcessHandle.current().pid() + "-alone");
        make(List.of(made));
        made.ip(List.of("link set lo up"));
        return made;
    }

    /** Deletes it; what still runs in it keeps it. */
    @Override
    public void close() throws IOException {
        delete(List.of(this));
    }

    /** Makes all of these, all at once: each has nothing but a loopback interface that is down. */
    static void make(List<NetworkNamespace> all) throws IOException {
        ip(List.of("-batch", "-"), all.stream().map(one -> "netns add " + one.name).toList());
    }

    /** Deletes those that are there. */
    static void delete(List<NetworkNamespace> all) throws IOException {
        ip(List.of("-batch", "-"), all.stream().filter(one -> Files.exists(NAMES.resolve(one.name)))
                .map(one -> "netns delete " + one.name).toList());
    }

    /**
     * Deletes what a run that was killed has left.
     *
     * @param ours the names of our namespaces; its first group is the number of the process that made one
     */
    static void deleteLeftovers(Pattern ours) throws IOException {
        if (!Files.isDirectory(NAMES)) {
            return;
        }
        try (Stream<Path> names = Files.list(NAMES)) {
            delete(names.map(path -> ours.matcher(path.getFileName().toString()))
                    .filter(name -> name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty())
                    .map(name -> new NetworkNamespace(name.group())).toList());
        }
    }

    /** Commands of {@code ip}, a line each, inside. */
    void ip(List<String> lines) throws IOException {
        ip(List.of("-n", name, "-batch", "-"), lines);
    }

    /** Writes a value to {@code /proc/sys/net}; that directory shows the settings of the reader's own namespace. */
    void set(String key, String value) throws IOException {
        call(() -> Files.writeString(Path.of("/proc/sys/net", key), value));
    }

    /** What a command says inside; it must succeed. */
    String run(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        return said(call(builder::start), List.of(command));
    }

    /** On the calling thread, which is inside meanwhile. */
    @Override
    public <T> T call(Callable<T> body) throws IOException {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread may change its carrier, which would stay in " + name);
        }
        Entrance.into(NAMES.resolve(name));
        try {
            return HERE.call(body);
        } finally {
            Entrance.into(OWN);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static void ip(List<String> options, List<String> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(Requires.command("ip").toString()));
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(String.join("\n", lines).concat("\n").getBytes(StandardCharsets.UTF_8));
        }
        said(process, command);
    }

    private static String said(Process process, List<String> command) throws IOException {
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(command + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new IOException(command + " failed: " + said);
            }
            return said;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", hurried);
        } finally {
            process.destroyForcibly();
        }
    }

    /** setns(2) for the calling thread. */
    private static final class Entrance {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final MethodHandle OPEN = function("open", FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS, ValueLayout.JAVA_INT), Linker.Option.firstVariadicArg(2));
        private static final MethodHandle SETNS = function("setns",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private static final MethodHandle CLOSE = function("close",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        private Entrance() {
        }

        static void into(Path namespace) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                int file = (int) OPEN.invokeExact(arena.allocateFrom(namespace.toString()), 0);
                if (file < 0) {
                    throw new IOException("no network namespace " + namespace);
                }
                int entered = (int) SETNS.invokeExact(file, CLONE_NEWNET);
                int closed = (int) CLOSE.invokeExact(file);
                if (entered != 0 || closed != 0) {
                    throw new IOException(namespace + " cannot be entered");
                }
            } catch (IOException failed) {
                throw failed;
            } catch (Throwable impossible) {
                throw new AssertionError("a system call does not throw", impossible);
            }
        }

        @SuppressWarnings("restricted") // a wrong signature could crash the process
        private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
        }
    }
}
