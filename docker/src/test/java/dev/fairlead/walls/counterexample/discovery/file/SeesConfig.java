package dev.fairlead.walls.counterexample.discovery.file;

import dev.fairlead.walls.counterexample.config.Settings;

/** Sees its sibling. */
public final class SeesConfig {
    final Settings thing = new Settings();
}
