package dev.fairlead.walls.counterexample.balance;

import java.util.Random;

/** Has dice of its own. */
public final class OwnsDice {
    final Random random = new Random(1);
}
