package dev.fairlead.walls.counterexample.model;

/** Something to import. */
public final class Thing {
}
