package dev.fairlead.loadtest.bench;

import dev.fairlead.loadtest.bench.contender.Family;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The command line.
 *
 * @param root the source tree
 * @param scenarios by id
 * @param families who takes part, Fairlead always
 * @param seconds measured per turn
 * @param minutes of the soak
 * @param out where results go
 */
record Options(Path root, List<String> scenarios, Set<Family> families, int rounds, double seconds, double minutes,
        Path out, Set<Wish> wishes) {
    private static final int ROUNDS = 5;
    private static final double SECONDS = 1.6;
    private static final double MINUTES = 10;

    /** Words without a value. */
    enum Wish {
        ALL, README, LIST, HELP
    }

    boolean wishes(Wish wish) {
        return wishes.contains(wish);
    }

    /** Whether every scenario of the table is run. */
    boolean everything() {
        return wishes(Wish.ALL);
    }

    /** Reads it; what is wrong is an {@link IllegalArgumentException} to print. */
    static Options parse(Path root, List<String> words) {
        List<String> scenarios = new ArrayList<>();
        Set<Family> families = EnumSet.allOf(Family.class);
        Set<Wish> wishes = EnumSet.noneOf(Wish.class);
        int rounds = ROUNDS;
        double seconds = SECONDS;
        double minutes = MINUTES;
        Path out = root.resolve("loadtest/results");
        Iterator<String> rest = words.stream().flatMap(Options::split).iterator();
        while (rest.hasNext()) {
            String word = rest.next();
            switch (word) {
                case "--against" -> families = families(value(word, rest));
                case "--rounds" -> rounds = whole(word, value(word, rest), 1, 1000);
                case "--seconds" -> seconds = number(word, value(word, rest), 0.2, 600);
                case "--minutes" -> minutes = number(word, value(word, rest), 0.1, 1440);
                case "--out" -> out = Path.of(value(word, rest));
                case "--all" -> wishes.add(Wish.ALL);
                case "--readme" -> wishes.add(Wish.README);
                case "--list" -> wishes.add(Wish.LIST);
                case "--help", "-h" -> wishes.add(Wish.HELP);
                default -> {
                    if (word.startsWith("-")) {
                        throw new IllegalArgumentException("unknown option \"" + word
                                + "\" (expected: --against, --rounds, --seconds, --minutes, --all, --readme, --list, "
                                + "--out or --help)");
                    }
                    scenarios.add(word);
                }
            }
        }
        return new Options(root, scenarios, families, rounds, seconds, minutes, out, wishes);
    }

    /** {@code --name=value} is {@code --name value}. */
    private static Stream<String> split(String word) {
        int equals = word.indexOf('=');
        return word.startsWith("--") && equals > 0
                ? Stream.of(word.substring(0, equals), word.substring(equals + 1))
                : Stream.of(word);
    }

    private static Set<Family> families(String text) {
        Set<Family> chosen = EnumSet.of(Family.FAIRLEAD);
        for (String word : text.split(",", -1)) {
            chosen.add(Family.others().stream().filter(family -> family.word().equals(word)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("--against: nobody is called \"" + word
                            + "\" (expected: some of "
                            + Family.others().stream().map(Family::word).collect(Collectors.joining(",")) + ")")));
        }
        return chosen;
    }

    private static String value(String name, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(name + " lacks its value");
        }
        return rest.next();
    }

    private static double number(String name, String text, double least, double most) {
        try {
            double value = Double.parseDouble(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, in the same words as a number out of range.
        }
        throw new IllegalArgumentException(
                String.format(Locale.ROOT, "%s: \"%s\" (expected: a number from %.1f to %.0f)", name, text, least,
                        most));
    }

    private static int whole(String name, String text, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, in the same words as a number out of range.
        }
        throw new IllegalArgumentException(
                name + ": \"" + text + "\" (expected: a whole number from " + least + " to " + most + ")");
    }
}
