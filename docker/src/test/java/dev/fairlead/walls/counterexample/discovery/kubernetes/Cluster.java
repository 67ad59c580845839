package dev.fairlead.walls.counterexample.discovery.kubernetes;

/** Something to import. */
public final class Cluster {
}
