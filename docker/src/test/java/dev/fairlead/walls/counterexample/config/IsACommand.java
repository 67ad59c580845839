package dev.fairlead.walls.counterexample.config;

import picocli.CommandLine;

/** Knows the command line. */
public interface IsACommand {
    CommandLine line();
}
