package dev.fairlead.walls.counterexample.admin;

import dev.fairlead.walls.counterexample.Everything;

/** Breaks the package order. */
public final class ImportsTheRoot {
    final Everything everything = new Everything();
}
