package dev.fairlead.walls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLengthTest {
    private static final int LIMIT = 400;

    @Test
    void noJavaFileIsLongerThan400LinesSinceThenItIsTwoRooms() throws IOException {
        assertThat(tooLong(Repository.root())).isEmpty();
    }

    @Test
    void aFileOf401LinesIsTooLongAndOneOf400IsNot(@TempDir Path root) throws IOException {
        Path folder = Files.createDirectories(root.resolve("docker/src/main/java"));
        Files.writeString(folder.resolve("Fits.java"), "x\n".repeat(LIMIT));
        Files.writeString(folder.resolve("TooLong.java"), "x\n".repeat(LIMIT + 1));

        assertThat(tooLong(root))
                .containsExactly("docker/src/main/java/TooLong.java: 401 lines (expected: at most 400)");
    }

    private static List<String> tooLong(Path root) throws IOException {
        List<String> found = new ArrayList<>();
        for (String module : List.of("proxy-core", "discovery", "config", "loadtest", "docker")) {
            Path sources = root.resolve(module).resolve("src");
            if (!Files.isDirectory(sources)) {
                continue;
            }
            List<Path> files;
            try (Stream<Path> walk = Files.walk(sources)) {
                files = walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
            }
            for (Path file : files) {
                int lines = Files.readAllLines(file).size();
                if (lines > LIMIT) {
                    found.add(root.relativize(file) + ": " + lines + " lines (expected: at most " + LIMIT + ")");
                }
            }
        }
        return found;
    }
}
