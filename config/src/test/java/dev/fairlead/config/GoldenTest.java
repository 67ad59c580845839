package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fairlead.source.SnapshotReader.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each {@code golden/<name>.yaml} prints exactly the problems of {@code golden/<name>.txt}, its notes after them. A
 * second text of the same stream is {@code golden/<name>.2.yaml}.
 */
class GoldenTest {
    private static final Path FOLDER = Reading.RESOURCES.resolve("golden");

    static Stream<String> names() {
        return Reading.files(FOLDER, ".txt").stream().map(path -> path.getFileName().toString().replace(".txt", ""));
    }

    @ParameterizedTest
    @MethodSource("names")
    void printsItsGolden(String name) {
        List<Text> texts = new ArrayList<>();
        for (String file : List.of(name + ".yaml", name + ".2.yaml")) {
            Path path = FOLDER.resolve(file);
            if (Files.exists(path)) {
                texts.add(new Text(file, Reading.file(path)));
            }
        }
        ConfigReading reading = new ConfigReader(new OwnBalancers()).read(texts);
        List<String> actual = new ArrayList<>();
        reading.problems().forEach(problem -> actual.add(problem.toString()));
        reading.notes().forEach(note -> actual.add("note: " + note));
        List<String> expected = Reading.file(FOLDER.resolve(name + ".txt")).lines().toList();
        if (!actual.equals(expected)) {
            fail(name + ".txt differs (- expected, + actual):\n" + difference(expected, actual));
        }
        assertThat(texts).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void hasAGolden(String input) {
        assertThat(FOLDER.resolve(input.replaceAll("(\\.2)?\\.yaml$", ".txt"))).exists();
    }

    static Stream<String> inputs() {
        return Reading.files(FOLDER, ".yaml").stream().map(path -> path.getFileName().toString());
    }

    @Test
    void showsWhatDiffers() {
        assertThat(difference(List.of("a", "b", "c"), List.of("a", "x", "c", "d")))
                .isEqualTo("  a\n- b\n+ x\n  c\n+ d\n");
    }

    /** Line by line: what only one side has, around what both have. */
    static String difference(List<String> expected, List<String> actual) {
        int[][] common = new int[expected.size() + 1][actual.size() + 1];
        for (int i = expected.size() - 1; i >= 0; i--) {
            for (int j = actual.size() - 1; j >= 0; j--) {
                common[i][j] = expected.get(i).equals(actual.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        StringBuilder text = new StringBuilder();
        int i = 0;
        int j = 0;
        while (i < expected.size() || j < actual.size()) {
            if (i < expected.size() && j < actual.size() && expected.get(i).equals(actual.get(j))) {
                text.append("  ").append(expected.get(i)).append('\n');
                i++;
                j++;
            } else if (j == actual.size() || (i < expected.size() && common[i + 1][j] >= common[i][j + 1])) {
                text.append("- ").append(expected.get(i++)).append('\n');
            } else {
                text.append("+ ").append(actual.get(j++)).append('\n');
            }
        }
        return text.toString();
    }
}
