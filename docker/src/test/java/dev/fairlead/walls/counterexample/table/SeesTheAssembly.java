package dev.fairlead.walls.counterexample.table;

import dev.fairlead.walls.counterexample.app.MaySeeAll;

/** Sees the assembly. */
public final class SeesTheAssembly {
    final MaySeeAll thing = new MaySeeAll();
}
