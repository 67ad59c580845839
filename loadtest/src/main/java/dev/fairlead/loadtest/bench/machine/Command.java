package dev.fairlead.loadtest.bench.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Commands that run to their end, and where they are installed. */
public final class Command {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Command() {
    }

    /** The path of an installed command; Debian keeps some of them where a user's PATH does not look. */
    public static Optional<Path> find(String name) {
        return Stream
                .concat(Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1)),
                        Stream.of("/usr/sbin", "/sbin", "/usr/local/sbin"))
                .filter(directory -> !directory.isEmpty()).map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable).findFirst();
    }

    /** The same for one that cannot be missed. */
    public static Path need(String name, String reason) throws IOException {
        return find(name).orElseThrow(() -> new IOException(
                "the command " + name + " is not installed (needed: " + reason + ")"));
    }

    /** Its output, standard error included. An exit code other than 0 is an error that quotes it. */
    public static String run(List<String> command) throws IOException, InterruptedException {
        return run(command, "");
    }

    /** The same with a text on standard input. */
    public static String run(List<String> command, String input) throws IOException, InterruptedException {
        return run(command, input, PATIENCE);
    }

    /** It did not come to its end in time, and was ended. */
    public static final class NotDone extends IOException {
        private static final long serialVersionUID = 1;

        NotDone(String message) {
            super(message);
        }
    }

    /**
     * The same with another patience.
     *
     * @throws NotDone where it takes longer
     */
    public static String run(List<String> command, String input, Duration patience)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("loadtest", ".out");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())
                    .start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException doesNotRead) {
                // Its exit code says whether that matters.
            }
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new NotDone(String.join(" ", command) + ": not done after " + patience.toSeconds() + " seconds");
            }
            String said = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": exit code " + process.exitValue()
                        + (said.isBlank() ? "" : ": " + said.strip()));
            }
            return said;
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
