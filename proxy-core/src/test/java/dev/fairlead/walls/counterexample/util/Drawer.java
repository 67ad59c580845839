package dev.fairlead.walls.counterexample.util;

/** Lies in a package whose name says nothing. */
public final class Drawer {
}
