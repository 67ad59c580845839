package dev.fairlead.walls.counterexample.control;

import dev.fairlead.walls.counterexample.util.Drawer;

/** Imports a package that the order does not know. */
public final class ImportsAStranger {
    final Drawer drawer = new Drawer();
}
