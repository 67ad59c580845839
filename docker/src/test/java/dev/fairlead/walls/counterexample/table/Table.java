package dev.fairlead.walls.counterexample.table;

/** Something to import. */
public final class Table {
}
