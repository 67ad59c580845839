package dev.fairlead.walls.counterexample.transport.channel;

/** Keeps the wall around the clock. */
public final class MayReadTheClock {
    long now() {
        return System.nanoTime();
    }
}
