package dev.fairlead.walls.counterexample.app;

import java.time.Instant;

/** Asks the machine for the time. */
public final class ReadsInstant {
    Instant now() {
        return Instant.now();
    }
}
