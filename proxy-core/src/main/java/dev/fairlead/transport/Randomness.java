package dev.fairlead.transport;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** The only dice. Callable from any thread. */
public interface Randomness {
    /** The running machine's. */
    Randomness SYSTEM = bound -> ThreadLocalRandom.current().nextInt(bound);

    /** Uniform in 0 (inclusive) to bound (exclusive). */
    int nextInt(int bound);

    /** The same throws for the same seed; for tests. */
    static Randomness seeded(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return bound -> {
            synchronized (random) {
                return random.nextInt(bound);
            }
        };
    }
}
