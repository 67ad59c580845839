package dev.fairlead.walls.counterexample;

/** The root, which may import all. */
public final class Everything {
}
