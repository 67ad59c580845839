package dev.fairlead.walls.counterexample.config;

/** Something to import. */
public final class Settings {
}
