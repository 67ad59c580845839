package dev.fairlead.semantics;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What a generator throws; the same seed throws the same. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** 0 to bound, without bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean percent(int chance) {
        return random.nextInt(100) < chance;
    }

    <T> T oneOf(List<T> options) {
        return options.get(random.nextInt(options.size()));
    }

    String word(String... options) {
        return options[random.nextInt(options.length)];
    }

    /** Each with this chance, in their order. */
    <T> List<T> some(int chance, List<T> options) {
        List<T> chosen = new ArrayList<>();
        for (T option : options) {
            if (percent(chance)) {
                chosen.add(option);
            }
        }
        return chosen;
    }

    /** At least one. */
    <T> List<T> atLeastOne(int chance, List<T> options) {
        List<T> chosen = some(chance, options);
        if (chosen.isEmpty()) {
            chosen.add(oneOf(options));
        }
        return chosen;
    }
}
