package dev.fairlead.walls.counterexample.discovery.file;

import org.snakeyaml.engine.v2.nodes.Node;

/** Parses text outside config. */
public interface ParsesYaml {
    Node node();
}
