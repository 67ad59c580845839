package dev.fairlead.walls.counterexample.config;

import ch.qos.logback.classic.Logger;

/** Knows who writes the log. */
public interface TurnsLogback {
    Logger logger();
}
