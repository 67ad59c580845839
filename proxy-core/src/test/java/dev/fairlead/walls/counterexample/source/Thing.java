package dev.fairlead.walls.counterexample.source;

/** Something to import. */
public final class Thing {
}
