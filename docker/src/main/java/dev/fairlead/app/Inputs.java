package dev.fairlead.app;

import dev.fairlead.discovery.file.InputFiles;
import dev.fairlead.source.SnapshotReader.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code -f} names.
 *
 * @param paths files and directories, followed as they change
 * @param fixed texts that never change: standard input, or what the command line was written out to
 * @param problems what cannot be read at all, for a reader
 */
record Inputs(List<Path> paths, List<Text> fixed, List<String> problems) {
    /** Nothing: a cluster says all there is. */
    static final Inputs NONE = new Inputs(List.of(), List.of(), List.of());

    private static final String STANDARD_INPUT = "-";

    Inputs {
        paths = List.copyOf(paths);
        fixed = List.copyOf(fixed);
        problems = List.copyOf(problems);
    }

    /**
     * What there is to read just now.
     *
     * @param problems what cannot be read, for a reader; the texts count only where there is none
     */
    record Contents(List<Text> texts, List<String> problems) {
        Contents {
            texts = List.copyOf(texts);
            problems = List.copyOf(problems);
        }
    }

    /** What the values of {@code -f} stand for; standard input is read here, once. */
    static Inputs named(List<String> files, InputStream standardInput) {
        List<Path> paths = new ArrayList<>();
        List<Text> fixed = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String file : files) {
            if (!file.equals(STANDARD_INPUT)) {
                paths.add(Path.of(file));
            } else if (fixed.isEmpty()) {
                try {
                    fixed.add(new Text("standard input", StandardCharsets.UTF_8.newDecoder()
                            .decode(ByteBuffer.wrap(standardInput.readAllBytes())).toString()));
                } catch (CharacterCodingException e) {
                    problems.add("standard input: is not text (expected: YAML or JSON in UTF-8)");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return new Inputs(paths, fixed, problems);
    }

    /** A text that was written here. */
    static Inputs written(Text text) {
        return new Inputs(List.of(), List.of(text), List.of());
    }

    /** Reads everything once, standard input first, as a followed source does. */
    Contents read() {
        List<Text> texts = new ArrayList<>(fixed);
        List<String> found = new ArrayList<>(problems);
        InputFiles.Listing listing = new InputFiles(paths).list();
        listing.problems().forEach(problem -> found.add(problem.toString()));
        for (Path file : listing.files()) {
            try {
                texts.add(InputFiles.read(file));
            } catch (IOException e) {
                found.add(InputFiles.Problem.of(file, e).toString());
            }
        }
        return new Contents(texts, found);
    }
}
