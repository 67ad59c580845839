package dev.fairlead.walls.counterexample.health;

import java.time.Clock;

/** Makes a clock of its own. */
public final class ReadsAClock {
    Clock clock() {
        return Clock.systemUTC();
    }
}
