package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.source.SnapshotReader.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What tests read, and from where. */
final class Reading {
    static final Path EXAMPLES = Path.of("examples");
    static final Path RESOURCES = Path.of("src/test/resources");

    private Reading() {
    }

    /** The reading of texts that messages name {@code a.yaml}, {@code b.yaml}, ... */
    static ConfigReading of(String... contents) {
        List<Text> texts = new ArrayList<>();
        for (String content : contents) {
            texts.add(new Text((char) ('a' + texts.size()) + ".yaml", content));
        }
        return new ConfigReader(new OwnBalancers()).read(texts);
    }

    /** The reading of texts in which nothing is wrong. */
    static ConfigReading sound(String... contents) {
        ConfigReading reading = of(contents);
        assertThat(reading.problems()).isEmpty();
        return reading;
    }

    /** The printed problems of texts. */
    static List<String> problems(String... contents) {
        return of(contents).problems().stream().map(ConfigProblem::toString).toList();
    }

    /** A ProxyConfiguration with these lines in it. */
    static String configuration(String lines) {
        return "apiVersion: fairlead.dev/v1alpha1\nkind: ProxyConfiguration\n" + lines;
    }

    static String file(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> files(Path folder, String ending) {
        try (var paths = Files.list(folder)) {
            return paths.filter(path -> path.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
