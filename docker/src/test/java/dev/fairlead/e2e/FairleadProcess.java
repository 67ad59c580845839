package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Fairlead in a JVM of its own. Closing it kills it, and fails if it ever spoke of a leak or a defect. */
public final class FairleadProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long TICKS_PER_SECOND = 100;

    private final Process process;
    private final FairleadSetup setup;

    private FairleadProcess(Process process, FairleadSetup setup) {
        this.process = process;
        this.setup = setup;
    }

    /** Starts it and returns when {@code /readyz} says 200. */
    public static FairleadProcess start(FairleadSetup setup) throws IOException {
        FairleadProcess fairlead = launch(setup);
        try {
            await("Fairlead is ready").atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
                assertThat(fairlead.alive()).as("Fairlead runs; it said: %s", fairlead.said()).isTrue();
                return fairlead.readiness() == 200;
            });
        } catch (RuntimeException | Error notReady) {
            fairlead.process.destroyForcibly();
            throw notReady;
        }
        return fairlead;
    }

    /** Starts it and waits for nothing. */
    static FairleadProcess launch(FairleadSetup setup) throws IOException {
        List<String> command = new ArrayList<>(setup.before());
        List<String> options = new ArrayList<>(List.of("-Dio.netty.leakDetection.level=paranoid"));
        options.addAll(setup.javaOptions());
        command.addAll(FairleadProgram.command(options.toArray(String[]::new)));
        command.addAll(List.of("run", "-f", setup.input().toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(setup.output().toFile());
        builder.environment().put("XDG_RUNTIME_DIR", setup.directory().toString());
        return new FairleadProcess(setup.place().call(builder::start), setup);
    }

    /** The command line of a JVM that runs Fairlead, or a command of it. */
    public static List<String> command(String... arguments) {
        boolean runs = arguments.length == 0 || arguments[0].equals("run");
        List<String> command = runs ? FairleadProgram.command() : FairleadProgram.asking();
        command.addAll(List.of(arguments));
        return command;
    }

    /** A command that asks this one. */
    public ProcessBuilder asking(String... words) {
        ProcessBuilder builder = new ProcessBuilder(command(words));
        builder.environment().put("XDG_RUNTIME_DIR", setup.directory().toString());
        return builder;
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** All it has written to standard output and standard error. */
    public String said() throws IOException {
        return Files.readString(setup.output());
    }

    HttpAnswer admin(String path) throws IOException {
        return setup.place().call(() -> HttpAnswer.get(setup.admin(), path));
    }

    /** The status of {@code /readyz}, or 0 where nobody answers. */
    int readiness() {
        try {
            return admin("/readyz").status();
        } catch (IOException nobody) {
            return 0;
        }
    }

    /** The sum over all series of a metric; 0 when there is none. */
    double metric(String name) throws IOException {
        return admin("/metrics").body().lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    List<AccessLine> accessLog() throws IOException {
        return AccessLine.read(setup.accessLog());
    }

    Descriptors descriptors() throws IOException {
        return Descriptors.of(pid());
    }

    /** Processor time used so far, user and kernel. */
    Duration processorTime() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Duration.ofMillis((Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 1000 / TICKS_PER_SECOND);
    }

    /** SIGTERM. */
    public void terminate() throws IOException, InterruptedException {
        Signal.TERM.to(pid());
    }

    /** Waits for the end; the exit code. */
    public int exitCode(Duration patience) throws IOException, InterruptedException {
        assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                .as("Fairlead ended within %s; it said: %s", patience, said()).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        await("Fairlead is gone").until(() -> !process.isAlive());
        assertThat(said()).doesNotContain("LEAK:", "a defect", "OutOfMemoryError");
        assertThat(accessLog()).noneMatch(line -> line.end().endsWith("/BUG"));
    }
}
