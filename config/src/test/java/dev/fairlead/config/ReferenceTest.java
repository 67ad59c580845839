package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.Termination;
import dev.fairlead.source.PolicyWord;
import dev.fairlead.source.PolicyWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/configuration.md names everything there is to say. */
class ReferenceTest {
    private final String reference = read();

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/configuration.md"));
        } catch (IOException e) {
            throw new AssertionError("the reference is read from the module's folder", e);
        }
    }

    @Test
    void every_key_of_the_schema_is_named() {
        List<String> keys = Pattern.compile("\"([a-zA-Z]+)\": \\{\\s*\"(?:description|type|const|enum|oneOf|anyOf)")
                .matcher(new ConfigReader(new OwnBalancers()).schema()).results().map((MatchResult m) -> m.group(1))
                .filter(key -> !List
                        .of("items", "logging", "drain", "apiVersion", "kind", "not", "additionalProperties")
                        .contains(key))
                .distinct()
                .toList();
        assertThat(keys).hasSizeGreaterThan(20);
        assertThat(keys).allSatisfy(key -> assertThat(reference).containsPattern("[`.]" + key + "`"));
    }

    @Test
    void every_policy_word_is_named_with_its_annotation_and_its_default() {
        assertThat(new PolicyWords(new OwnBalancers()).all()).isNotEmpty()
                .allSatisfy((PolicyWord word) -> assertThat(reference).contains("| `" + word.key() + "` | `"
                        + word.annotation() + "` | `" + word.show().apply(ServicePolicy.DEFAULTS) + "` |"));
    }

    @Test
    void the_labels_and_annotations_are_those_that_the_code_reads() throws IOException {
        Pattern name = Pattern.compile("\"!?([a-z.]*kubernetes\\.io/[a-z-]+)\"");
        Set<String> read = new TreeSet<>();
        for (String module : List.of("proxy-core", "discovery", "config", "docker")) {
            try (Stream<Path> sources = Files.walk(Path.of("..", module, "src/main/java"))) {
                for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                    name.matcher(Files.readString(source)).results().forEach(found -> read.add(found.group(1)));
                }
            }
        }
        String section = reference.substring(reference.indexOf("\n## Labels and annotations"),
                reference.indexOf("\n## The client's address"));
        Set<String> told = Pattern.compile("(?:label|annotation) `([^`]+)`").matcher(section).results()
                .map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
        assertThat(read).contains("kubernetes.io/service-name");
        read.add(PolicyWord.ANNOTATION_PREFIX + "...");
        assertThat(told).isEqualTo(read);
    }

    @Test
    void every_cause_of_an_end_is_named() {
        assertThat(Arrays.asList(Termination.Cause.values()))
                .allSatisfy(cause -> assertThat(reference).contains("| `" + cause + "` |"));
    }
}
