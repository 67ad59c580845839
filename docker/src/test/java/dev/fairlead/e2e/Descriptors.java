package dev.fairlead.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process's open descriptors, seen from outside.
 *
 * @param links what each is, such as {@code socket:[4711]}, sorted
 */
record Descriptors(List<String> links) {
    static Descriptors of(long pid) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return new Descriptors(entries.map(Descriptors::link).filter(link -> !link.isEmpty()).sorted().toList());
        }
    }

    int count() {
        return links.size();
    }

    long sockets() {
        return links.stream().filter(link -> link.startsWith("socket:")).count();
    }

    private static String link(Path entry) {
        try {
            return Files.readSymbolicLink(entry).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
