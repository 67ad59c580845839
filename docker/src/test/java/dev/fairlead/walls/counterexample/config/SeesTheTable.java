package dev.fairlead.walls.counterexample.config;

import dev.fairlead.walls.counterexample.table.Table;

/** Sees who uses what it reads. */
public final class SeesTheTable {
    final Table thing = new Table();
}
