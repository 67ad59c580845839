package dev.fairlead.walls.counterexample.table;

import dev.fairlead.walls.counterexample.config.Settings;

/** Sees who implements its port. */
public final class SeesConfig {
    final Settings thing = new Settings();
}
