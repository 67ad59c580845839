package dev.fairlead.walls.counterexample.transport.hither;

import dev.fairlead.walls.counterexample.transport.thither.Back;
import java.util.Optional;

/** Half of a cycle. */
public final class There {
    Optional<Back> back() {
        return Optional.empty();
    }
}
