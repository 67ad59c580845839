package dev.fairlead.app;

import dev.fairlead.app.Terminal.Audience;
import dev.fairlead.app.ask.Asking;
import dev.fairlead.app.ask.OwnSocket;
import dev.fairlead.app.ask.Place;
import dev.fairlead.model.IpPort;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What {@link Training} is for runs, for commands that ask one and end: the JVM writes down what they load, which is
 * little of what a run loads, in a cache of its own. The run is a process beside it. Not a command, since it is for no
 * user. Ends with 0 when all were answered.
 */
public final class CommandTraining {
    private static final int ATTEMPTS = 400;
    private static final long BETWEEN_ATTEMPTS_MILLIS = 50;
    private static final long PATIENCE_SECONDS = 20;

    private final Path folder;
    private final Path file;

    private CommandTraining(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("fairlead.yaml");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Searches.spare();
        Path folder = Files.createTempDirectory("fairlead-training");
        // Also where somebody ends the training.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> empty(folder)));
        System.exit(new CommandTraining(folder).lived());
    }

    private static void empty(Path folder) {
        try (var all = Files.walk(folder)) {
            for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        } catch (IOException | UncheckedIOException left) {
            System.err.println(folder + " is left: " + left);
        }
    }

    private int lived() throws IOException, InterruptedException {
        IpPort front = Training.free();
        Files.writeString(file, """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                admin: "%s"
                drain: {deadline: 0s}
                services: [{name: web, listen: "%s", endpoints: ["127.0.0.1:1", "127.0.0.1:2"]}]
                """.formatted(Training.free(), front));
        ProcessBuilder run = new ProcessBuilder(command()).inheritIO();
        run.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        run.environment().putAll(environment());
        Process running = run.start();
        Runtime.getRuntime().addShutdownHook(new Thread(running::destroyForcibly));
        try {
            return asked(front, running) ? ExitCode.OK : ExitCode.BAD_INPUT;
        } finally {
            running.destroy();
            if (!running.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        }
    }

    /** A run by the same Java as this. */
    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java"));
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-Djava.library.path=" + System.getProperty("java.library.path"), "-cp",
                System.getProperty("java.class.path"), Main.class.getName(), "run", "-f", file.toString()));
        return command;
    }

    private boolean asked(IpPort front, Process running) throws InterruptedException {
        // Another process of this user's may run, at the address that commands ask where they find nobody of their own.
        for (int attempt = 0; attempt < ATTEMPTS && running.isAlive(); attempt++) {
            if (ready()) {
                return answersAll(front);
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_ATTEMPTS_MILLIS);
        }
        return false;
    }

    private boolean answersAll(IpPort front) {
        boolean all = answers("check", "-f", file.toString());
        all &= answers("explain", "-f", file.toString());
        for (String words : List.of("get services", "get endpoints -o wide", "get services -o json",
                "get services -o yaml", "get connections", "get events", "describe service default/web",
                "explain --to " + front, "drain service default/web", "drain service default/web --undo", "--health",
                "version", "--help")) {
            all &= answers(words.split(" ", -1));
        }
        return all;
    }

    private boolean ready() {
        return OwnSocket.running(environment()).stream()
                .map(socket -> Asking.get(new Place.Own(socket), "/readyz", "*/*"))
                .anyMatch(answer -> answer instanceof Asking.Answer.Said said && said.fine());
    }

    private Map<String, String> environment() {
        return Map.of(OwnSocket.FOLDER_VARIABLE, folder.toString());
    }

    private boolean answers(String... words) {
        PrintStream nobody = new PrintStream(OutputStream.nullOutputStream(), false);
        Terminal terminal = new Terminal(InputStream.nullInputStream(), nobody, nobody,
                environment(), Audience.PROGRAM, Terminal.ofProcess().privileges());
        return Main.run(words, terminal, () -> {
            throw new IllegalStateException(words[0] + " is over by itself");
        }) == ExitCode.OK;
    }
}
