package dev.fairlead.app.takeover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command of the machine's that is asked for its word: it reads little, says something and ends. */
record Tool(Path path) {
    private static final long PATIENCE_SECONDS = 60;
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin");

    /** Where it is installed; empty where it is not. */
    static Optional<Tool> find(String name) {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1)), FOLDERS.stream())
                .filter(folder -> !folder.isEmpty()).map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable).findFirst().map(Tool::new);
    }

    String name() {
        return String.valueOf(path.getFileName());
    }

    /**
     * What it says, errors included.
     *
     * @param input all that it reads
     * @throws IOException where it refuses or does not end; the message is its own
     */
    String run(String input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            // What these commands are told is a few lines, which a pipe holds.
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(name() + " refuses: "
                        + said.strip().lines().findFirst().orElse("it says nothing, or does not end"));
            }
            return said;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException(name() + " was not waited for", hurried);
        } finally {
            process.destroyForcibly();
        }
    }
}
