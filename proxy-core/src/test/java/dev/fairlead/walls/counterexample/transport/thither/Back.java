package dev.fairlead.walls.counterexample.transport.thither;

import dev.fairlead.walls.counterexample.transport.hither.There;
import java.util.Optional;

/** The other half of a cycle. */
public final class Back {
    Optional<There> there() {
        return Optional.empty();
    }
}
