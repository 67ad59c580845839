package dev.fairlead.walls.counterexample.balance;

import dev.fairlead.walls.counterexample.source.Thing;

/** Keeps the package order. */
public final class ImportsLeftwards {
    final Thing thing = new Thing();
}
