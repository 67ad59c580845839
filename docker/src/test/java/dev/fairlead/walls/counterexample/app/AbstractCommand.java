package dev.fairlead.walls.counterexample.app;

/** Has a name that says nothing. */
public abstract class AbstractCommand {
}
