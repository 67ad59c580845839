package dev.fairlead.walls.counterexample.app;

import dev.fairlead.walls.counterexample.config.Settings;
import dev.fairlead.walls.counterexample.table.Table;

/** Keeps the walls: the assembly knows all. */
public final class MaySeeAll {
    final Table table = new Table();
    final Settings settings = new Settings();
}
