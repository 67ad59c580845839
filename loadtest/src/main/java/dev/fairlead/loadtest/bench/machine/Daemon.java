package dev.fairlead.loadtest.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A process that runs until it is closed. Every one that is open is also ended when this JVM ends, on Ctrl-C too.
 */
public final class Daemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(10);
    private static final int LINES_QUOTED = 12;
    private static final Set<Daemon> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ending = true;
            OPEN.forEach(Daemon::kill);
        }, "end-daemons"));
    }

    /** Once the JVM ends, what another thread has just started ends at once. */
    private static volatile boolean ending;

    private final String name;
    private final Process process;
    private final Path output;

    private Daemon(String name, Process process, Path output) {
        this.name = name;
        this.process = process;
        this.output = output;
    }

    /** Starts it; what it says, on either stream, goes to the file. */
    public static Daemon start(String name, List<String> command, Path output)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())
                .redirectInput(Path.of("/dev/null").toFile());
        return adopt(name, builder.start(), output);
    }

    static Daemon adopt(String name, Process process, Path output) {
        Daemon daemon = new Daemon(name, process, output);
        OPEN.add(daemon);
        if (ending) {
            daemon.kill();
        }
        return daemon;
    }

    public long pid() {
        return process.pid();
    }

    /** Of itself and its children: nginx has workers. */
    public List<Long> pids() {
        return LongStream.concat(LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid))
                .boxed().toList();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /**
     * Returns when it is up.
     *
     * @param wanted ports, and how many sockets at least listen on each in its network namespace
     * @param processes how many there are at least, itself included
     */
    public void awaitUp(Map<Integer, Integer> wanted, int processes) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!up(wanted, processes)) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended with exit code " + process.exitValue() + said());
            }
            if (System.nanoTime() > end) {
                throw new IOException(
                        name + " does not listen on its ports after " + PATIENCE.toSeconds() + " seconds" + said());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    private boolean up(Map<Integer, Integer> wanted, int processes) throws IOException {
        Map<Integer, Integer> found = ProcessFacts.listening(process.pid());
        return process.isAlive() && pids().size() >= processes && wanted.entrySet().stream()
                .allMatch(port -> found.getOrDefault(port.getKey(), 0) >= port.getValue());
    }

    /** The end of its output, for error messages. */
    public String said() {
        try {
            List<String> lines = Files.readAllLines(output);
            List<String> last = lines.subList(Math.max(0, lines.size() - LINES_QUOTED), lines.size());
            return last.isEmpty() ? "; it said nothing" : "; it said:\n    " + String.join("\n    ", last);
        } catch (IOException unreadable) {
            return "";
        }
    }

    @Override
    public void close() {
        kill();
        OPEN.remove(this);
    }

    private void kill() {
        // The parent first: nginx's starts another worker in the place of one that has died.
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
