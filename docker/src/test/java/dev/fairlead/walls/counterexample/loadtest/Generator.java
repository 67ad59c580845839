package dev.fairlead.walls.counterexample.loadtest;

/** Something to import. */
public final class Generator {
}
