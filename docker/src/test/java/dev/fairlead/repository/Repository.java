package dev.fairlead.repository;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Where the source tree begins. */
public final class Repository {
    private Repository() {
    }

    /** The folder that holds the launcher; tests run in a module's folder below it. */
    public static Path root() {
        return Stream.iterate(Optional.of(Path.of("").toAbsolutePath()), Optional::isPresent,
                folder -> folder.map(Path::getParent)).flatMap(Optional::stream)
                .filter(folder -> Files.isRegularFile(folder.resolve("fairlead"))).findFirst()
                .orElseThrow(() -> new IllegalStateException("no folder above holds the launcher"));
    }
}
