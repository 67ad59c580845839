package dev.fairlead.config;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Checks what must hold of every document whatever it says: no key twice, only scalars as keys, and aliases that
 * neither turn in circles nor unfold without end. Each node is visited once.
 */
final class Structure {
    /** Nodes of a document after its aliases are unfolded. */
    static final long MOST_NODES = 10_000_000;

    private static final long BEING_VISITED = -1;

    private final Origin origin;
    private final IdentityHashMap<Node, Long> anchored = new IdentityHashMap<>();
    private boolean circular;

    Structure(Origin origin) {
        this.origin = origin;
    }

    /** Whether it is safe to read the document; problems that do not endanger that are only reported. */
    boolean check(Node document) {
        long size = size(document, Place.Path.DOCUMENT);
        if (size > MOST_NODES && !anchored.isEmpty()) {
            report(document, Place.Path.DOCUMENT,
                    "aliases unfold to " + size + " values (expected: at most " + MOST_NODES + ")");
            return false;
        }
        return !circular;
    }

    private long size(Node node, Place.Path path) {
        boolean hasAnchor = node.getAnchor().isPresent();
        if (hasAnchor) {
            Long known = anchored.putIfAbsent(node, BEING_VISITED);
            if (known != null && known == BEING_VISITED) {
                report(node, path, "the value contains itself through an alias (expected: no circle)");
                circular = true;
                return 1;
            } else if (known != null) {
                return known;
            }
        }
        long size = switch (node) {
            case MappingNode mapping -> mapping(mapping, path);
            case SequenceNode sequence -> sequence(sequence, path);
            case Node _ -> 1;
        };
        if (hasAnchor) {
            anchored.put(node, size);
        }
        return size;
    }

    private long mapping(MappingNode mapping, Place.Path path) {
        long size = 1;
        Map<String, Node> seen = HashMap.newHashMap(mapping.getValue().size());
        for (NodeTuple tuple : mapping.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode scalar)) {
                Place key = new Place(origin, path, keyNode);
                key.problem("found " + key.describe() + " as a key (expected: text)");
                size = plus(size, size(keyNode, path));
                size = plus(size, size(tuple.getValueNode(), path));
                continue;
            }
            String key = scalar.getValue();
            Place.Path inner = new Place.Path.Key(path, key);
            Node first = seen.putIfAbsent(key, keyNode);
            if (first != null) {
                report(keyNode, inner, "duplicate key (first at " + Spot.of(origin, first.getStartMark()) + ")");
            }
            if (key.equals("<<") && scalar.isPlain()) {
                report(keyNode, inner, BoundedParser.NO_MERGE);
            }
            size = plus(size, size(tuple.getValueNode(), inner));
        }
        return size;
    }

    private long sequence(SequenceNode sequence, Place.Path path) {
        long size = 1;
        int index = 0;
        for (Node item : sequence.getValue()) {
            size = plus(size, size(item, new Place.Path.Item(path, index++)));
        }
        return size;
    }

    private static long plus(long a, long b) {
        return Math.min(a + b, Long.MAX_VALUE / 4);
    }

    private void report(Node node, Place.Path path, String message) {
        new Place(origin, path, node).problem(message);
    }
}
