package dev.fairlead.walls.counterexample.app;

import dev.fairlead.walls.counterexample.loadtest.Generator;

/** Sees the test rig. */
public final class SeesLoadtest {
    final Generator thing = new Generator();
}
