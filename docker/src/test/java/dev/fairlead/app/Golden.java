package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Expected texts in files, so that a reviewer reads a change of them as a change of text. */
public final class Golden {
    private static final Path FOLDER = Repository.root().resolve("docker/src/test/resources");

    private Golden() {
    }

    /** A file of the test resources. */
    public static Path file(String name) {
        return FOLDER.resolve(name);
    }

    /** With {@code -Dfairlead.goldens=write} the file is written instead, to be read in the diff. */
    public static void assertMatches(String name, String actual) throws IOException {
        Path file = file(name);
        if (System.getProperty("fairlead.goldens", "").equals("write")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(file));
    }
}
