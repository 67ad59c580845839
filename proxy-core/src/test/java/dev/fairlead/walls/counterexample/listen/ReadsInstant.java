package dev.fairlead.walls.counterexample.listen;

import java.time.Instant;

/** Asks the machine for the time, in a package that is not marked. */
public final class ReadsInstant {
    Instant now() {
        return Instant.now();
    }
}
