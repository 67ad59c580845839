package dev.fairlead.balance;

import dev.fairlead.transport.Randomness;
import java.util.concurrent.ThreadLocalRandom;

/** Dice for tests: another seed each run, printed, and given again by {@code -Dfairlead.seed=...}. */
public final class Seed {
    private static final long SEED = Long.getLong("fairlead.seed", ThreadLocalRandom.current().nextInt());

    static {
        System.out.println("dice of these tests: -Dfairlead.seed=" + SEED);
    }

    private Seed() {
    }

    public static Randomness dice() {
        return Randomness.seeded(SEED);
    }

    /** For one of several threads, which would wait for each other at common dice. */
    public static Randomness dice(int thread) {
        return Randomness.seeded(SEED + thread);
    }

    public static String text() {
        return "-Dfairlead.seed=" + SEED;
    }
}
