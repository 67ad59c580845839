package dev.fairlead.walls.counterexample.config;

import org.snakeyaml.engine.v2.nodes.Node;

/** Keeps the wall around YAML. */
public interface MayParseYaml {
    Node node();
}
