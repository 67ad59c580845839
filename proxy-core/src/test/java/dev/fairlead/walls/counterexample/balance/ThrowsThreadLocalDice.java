package dev.fairlead.walls.counterexample.balance;

import java.util.concurrent.ThreadLocalRandom;

/** Throws the machine's dice. */
public final class ThrowsThreadLocalDice {
    int next() {
        return ThreadLocalRandom.current().nextInt(6);
    }
}
