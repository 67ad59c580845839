package dev.fairlead.discovery.file;

import dev.fairlead.source.SnapshotReader.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that a user's paths stand for: a file is itself, a directory is its {@code *.yaml}, {@code *.yml} and
 * {@code *.json} files in the order of their names, without hidden ones and without sub-directories. Immutable; every
 * call looks anew.
 *
 * @param paths in the user's order
 */
public record InputFiles(List<Path> paths) {
    public InputFiles {
        paths = List.copyOf(paths);
    }

    /**
     * What there is just now.
     *
     * @param files each once, in the order of the paths
     * @param problems the paths that cannot be used
     */
    public record Listing(List<Path> files, List<Problem> problems) {
        public Listing {
            files = List.copyOf(files);
            problems = List.copyOf(problems);
        }
    }

    /**
     * A path that cannot be used.
     *
     * @param why in words for a reader
     */
    public record Problem(Path path, String why) {
        /** What a failure to read means. */
        public static Problem of(Path path, IOException failure) {
            return new Problem(path, switch (failure) {
                case NoSuchFileException _ -> "no such file or directory";
                case AccessDeniedException _ -> "may not be read (expected: read permission)";
                case CharacterCodingException _ -> "is not text (expected: YAML or JSON in UTF-8)";
                default -> "cannot be read: " + failure.getMessage();
            });
        }

        @Override
        public String toString() {
            return path + ": " + why;
        }
    }

    /** The files that are there. A path that is missing, a pipe or a directory without such files is a problem. */
    public Listing list() {
        Map<Path, Path> files = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                add(path, files, problems);
                continue;
            }
            try {
                List<Path> inside = inside(path);
                inside.forEach(file -> add(file, files, problems));
                if (inside.isEmpty()) {
                    problems.add(new Problem(path, "holds no *.yaml, *.yml or *.json file (expected: at least one)"));
                }
            } catch (IOException unreadable) {
                problems.add(Problem.of(path, unreadable));
            }
        }
        return new Listing(List.copyOf(files.values()), problems);
    }

    private static void add(Path path, Map<Path, Path> files, List<Problem> problems) {
        if (Files.isRegularFile(path)) {
            files.putIfAbsent(path.toAbsolutePath().normalize(), path);
        } else if (Files.exists(path)) {
            // Reading a pipe twice would wait for ever.
            problems.add(new Problem(path, "is neither a file nor a directory"));
        } else {
            problems.add(new Problem(path, "no such file or directory"));
        }
    }

    private static List<Path> inside(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.{yaml,yml,json}")) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().startsWith(".") && !Files.isDirectory(entry)) {
                    files.add(entry);
                }
            }
        } catch (DirectoryIteratorException broken) {
            throw broken.getCause();
        }
        files.sort(null);
        return files;
    }

    /**
     * A file's content, named as the user named it.
     *
     * @throws IOException also where the content is not UTF-8; {@link Problem#of} has words for either
     */
    public static Text read(Path file) throws IOException {
        return text(file, Files.readAllBytes(file));
    }

    static Text text(Path file, byte[] content) throws CharacterCodingException {
        return new Text(file.toString(),
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
    }
}
