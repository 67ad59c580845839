package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fairlead.source.SnapshotReader.Text;
import dev.fairlead.transport.Randomness;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever the text, reading it ends without an exception, and each problem points into the text. */
class FuzzTest {
    private static final int ROUNDS = 3000;
    private static final List<String> SCRAPS = List.of("null", "[]", "{}", "-1", "99999999999999999999", "1.5", "true",
            "\"\"", "\"80\"", "&a", "*a", "<<: *a", "!!int x", "!!binary aGk=", "---", "...", "? ", ": ", "- ", "\t",
            "'", "\"", "|", ">", "%YAML 1.2", "[[[[", "{{", "# ", "\u0000", "\u2028", "\uFEFF", "\uD83D",
            "\uD83D\uDE00", "localhost:1", "[::1]:80", "0x50", "ProxyConfiguration", "List", "EndpointSliceList",
            "kind", "items", "services", "fairlead.dev/balancer", "least-conn(", "1h1m1s1ms", "\"\\UFFFFFFFF\"",
            "\"\\ud83d\"", "!<tag:%zz>", "|0", "!!merge x", "0.0.0.0:80");

    private final ConfigReader reader = new ConfigReader(new OwnBalancers());

    @Test
    void noTextMakesItThrowAndEachProblemHasAValidPosition() {
        long seed = Long.getLong("fairlead.seed", Randomness.SYSTEM.nextInt(Integer.MAX_VALUE));
        System.out.println("seed " + seed + " (again: -Dfairlead.seed=" + seed + ")");
        Randomness dice = Randomness.seeded(seed);
        List<String> originals = originals();
        int problems = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<Text> texts = new ArrayList<>();
            for (int i = 0; i <= dice.nextInt(2); i++) {
                String text = originals.get(dice.nextInt(originals.size()));
                for (int changes = 1 + dice.nextInt(4); changes > 0; changes--) {
                    text = mutate(text, dice);
                }
                texts.add(new Text("text-" + i, text));
            }
            problems += check(texts, "seed " + seed + ", round " + round);
        }
        assertThat(problems).as("problems found in " + ROUNDS + " rounds").isGreaterThan(ROUNDS / 4);
    }

    private static List<String> originals() {
        List<Path> files = new ArrayList<>(Reading.files(Reading.EXAMPLES, ".yaml"));
        files.addAll(Reading.files(Reading.RESOURCES.resolve("golden"), ".yaml"));
        List<String> originals = new ArrayList<>(files.stream().map(Reading::file).toList());
        originals.add(Reading.file(Reading.RESOURCES.resolve("kubectl/cluster.json")).substring(0, 9000));
        return originals;
    }

    private int check(List<Text> texts, String which) {
        ConfigReading reading;
        try {
            reading = reader.read(texts);
        } catch (Throwable thrown) {
            throw new AssertionError(which + " throws on " + texts, thrown);
        }
        for (ConfigProblem problem : reading.problems()) {
            String what = wrong(problem, texts);
            if (!what.isEmpty()) {
                fail(which + ": " + what + ": " + problem + " on " + texts);
            }
        }
        assertThat(reading.notes()).as(which).allMatch(note -> note.lines().count() == 1);
        return reading.problems().size();
    }

    /** What is wrong with a problem; empty where nothing is. */
    private static String wrong(ConfigProblem problem, List<Text> texts) {
        Text text = texts.stream().filter(t -> t.name().equals(problem.file())).findFirst().orElseThrow();
        // The line and column behind the last character are where something is missing.
        String[] lines = text.content().split("\r\n|[\r\n]", -1);
        if (problem.line() < 1 || problem.line() > lines.length + 1) {
            return "no such line";
        }
        int length = problem.line() > lines.length ? 0 : lines[problem.line() - 1].length();
        if (problem.column() < 1 || problem.column() > length + 1) {
            return "no such column";
        }
        if (problem.message().isBlank() || problem.message().contains("Optional[")) {
            return "not for a reader";
        }
        return problem.toString().lines().count() == 1 ? "" : "not one line";
    }

    private static String mutate(String text, Randomness dice) {
        return switch (dice.nextInt(9)) {
            case 0 -> bytes(text, dice);
            case 1 -> inserted(text, dice, SCRAPS.get(dice.nextInt(SCRAPS.size())));
            case 2 -> inserted(text, dice, Character.toString(dice.nextInt(0x300)));
            case 3 -> removed(text, dice);
            case 4 -> lineMoved(text, dice);
            case 5 -> lineTwice(text, dice);
            case 6 -> valueReplaced(text, dice);
            case 7 -> text.substring(0, dice.nextInt(text.length() + 1));
            default -> indented(text, dice);
        };
    }

    private static String bytes(String text, Randomness dice) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0) {
            bytes[dice.nextInt(bytes.length)] = (byte) dice.nextInt(256);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String inserted(String text, Randomness dice, String scrap) {
        int at = dice.nextInt(text.length() + 1);
        return text.substring(0, at) + scrap + text.substring(at);
    }

    private static String removed(String text, Randomness dice) {
        int from = dice.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + dice.nextInt(20));
        return text.substring(0, from) + text.substring(to);
    }

    private static String lineMoved(String text, Randomness dice) {
        List<String> lines = lines(text);
        String line = lines.remove(dice.nextInt(lines.size()));
        lines.add(dice.nextInt(lines.size() + 1), line);
        return String.join("\n", lines);
    }

    private static String lineTwice(String text, Randomness dice) {
        List<String> lines = lines(text);
        lines.add(dice.nextInt(lines.size() + 1), lines.get(dice.nextInt(lines.size())));
        return String.join("\n", lines);
    }

    /** A value of another type behind a colon. */
    private static String valueReplaced(String text, Randomness dice) {
        List<String> lines = lines(text);
        int at = dice.nextInt(lines.size());
        String line = lines.get(at);
        int colon = line.indexOf(": ");
        if (colon >= 0) {
            lines.set(at, line.substring(0, colon + 2) + SCRAPS.get(dice.nextInt(SCRAPS.size())));
        }
        return String.join("\n", lines);
    }

    private static String indented(String text, Randomness dice) {
        List<String> lines = lines(text);
        int at = dice.nextInt(lines.size());
        lines.set(at, " ".repeat(1 + dice.nextInt(3)) + lines.get(at));
        return String.join("\n", lines);
    }

    private static List<String> lines(String text) {
        return new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    }
}
