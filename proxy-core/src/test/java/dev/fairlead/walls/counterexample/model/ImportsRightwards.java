package dev.fairlead.walls.counterexample.model;

import dev.fairlead.walls.counterexample.source.Thing;

/** Breaks the package order. */
public final class ImportsRightwards {
    final Thing thing = new Thing();
}
