package dev.fairlead.walls.counterexample.table;

/** Asks the machine for the time. */
public final class ReadsNanoTime {
    long now() {
        return System.nanoTime();
    }
}
