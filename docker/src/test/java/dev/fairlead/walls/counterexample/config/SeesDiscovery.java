package dev.fairlead.walls.counterexample.config;

import dev.fairlead.walls.counterexample.discovery.kubernetes.Cluster;

/** Sees its sibling. */
public final class SeesDiscovery {
    final Cluster thing = new Cluster();
}
