package dev.fairlead.walls.counterexample.app.util;

/** Lies in a package that says nothing and carries no mark. */
public final class Drawer {
}
