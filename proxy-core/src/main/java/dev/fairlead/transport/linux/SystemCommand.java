package dev.fairlead.transport.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command of the machine's, such as {@code nft}: it reads little, says something and ends. */
public record SystemCommand(Path path) {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    // System tools are not on every user's path.
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin");

    /** Where it is installed; empty where it is not. */
    public static Optional<SystemCommand> find(String name) {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)), FOLDERS.stream())
                .filter(folder -> !folder.isEmpty()).map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable).findFirst().map(SystemCommand::new);
    }

    /** The same where it must be there. */
    public static SystemCommand required(String name) throws IOException {
        return find(name).orElseThrow(() -> new IOException("the command " + name + " is not installed"));
    }

    public String name() {
        return String.valueOf(path.getFileName());
    }

    /**
     * What it says, errors included.
     *
     * @param input all that it reads
     * @throws IOException where it refuses, or does not end within a minute; the message is its own
     */
    public String run(String input, String... arguments) throws IOException {
        return run(PATIENCE, input, arguments);
    }

    String run(Duration patience, String input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        CompletableFuture<Boolean> late = new CompletableFuture<Boolean>().completeOnTimeout(true, patience.toMillis(),
                TimeUnit.MILLISECONDS);
        late.thenAccept(isLate -> {
            if (isLate) {
                process.destroyForcibly();
            }
        });
        try {
            // What these commands are told is a few lines, which a pipe holds.
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (late.getNow(false)) {
                throw new IOException(words(arguments) + " does not end (it had " + patience.toSeconds() + " s)");
            }
            if (status != 0) {
                throw new IOException(words(arguments) + " refuses: "
                        + said.strip().lines().findFirst().orElse("it says nothing"));
            }
            return said;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException(words(arguments) + " was not waited for", hurried);
        } finally {
            late.complete(false);
            process.destroyForcibly();
        }
    }

    private String words(String... arguments) {
        return (name() + " " + String.join(" ", arguments)).strip();
    }
}
