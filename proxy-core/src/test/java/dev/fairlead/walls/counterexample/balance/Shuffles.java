package dev.fairlead.walls.counterexample.balance;

import java.util.Collections;
import java.util.List;

/** Throws hidden dice. */
public final class Shuffles {
    void shuffle(List<String> list) {
        Collections.shuffle(list);
    }
}
