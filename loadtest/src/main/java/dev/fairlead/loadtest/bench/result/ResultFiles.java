package dev.fairlead.loadtest.bench.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Results as JSON, one file per scenario. */
public final class ResultFiles {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ResultFiles() {
    }

    /** Puts it in the place of an older one. */
    public static Path write(Path directory, ScenarioResult result) throws IOException {
        Files.createDirectories(directory);
        return Files.writeString(directory.resolve(result.id() + ".json"), JSON.writeValueAsString(result) + "\n");
    }

    /** All results of a directory by the names of their files; none where there is no directory. */
    public static List<ScenarioResult> read(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<ScenarioResult> results = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
                try {
                    results.add(JSON.readValue(Files.readString(file), ScenarioResult.class));
                } catch (JacksonException notAResult) {
                    throw new IOException(file + " is not a result: " + notAResult.getOriginalMessage()
                            + " (expected: what loadtest/run writes)", notAResult);
                }
            }
        }
        return results;
    }
}
