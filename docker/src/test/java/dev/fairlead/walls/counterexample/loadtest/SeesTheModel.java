package dev.fairlead.walls.counterexample.loadtest;

import dev.fairlead.walls.counterexample.model.Thing;

/** Sees what it measures. */
public final class SeesTheModel {
    final Thing thing = new Thing();
}
