package dev.fairlead.walls.counterexample.source;

/** Has a name that says nothing. */
public final class SliceManager {
}
