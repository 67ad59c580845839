package dev.fairlead.walls.counterexample.loadtest;

/** Keeps the wall around the clock: it shares nothing with us. */
public final class MayReadTheClock {
    long now() {
        return System.nanoTime();
    }
}
