package dev.fairlead.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A value in a text, which knows where it stands and can say what is wrong with it. */
record Place(Origin origin, Path path, Node node) {

    /** The way from the document to a value; printed only when something is wrong. */
    sealed interface Path {
        Path DOCUMENT = new Document();

        /** The document itself. */
        record Document() implements Path {
            @Override
            public String toString() {
                return "";
            }
        }

        /** A key of a mapping. */
        record Key(Path parent, String key) implements Path {
            @Override
            public String toString() {
                String before = parent.toString();
                if (key.indexOf('.') >= 0 || key.indexOf('/') >= 0) {
                    return before + "[" + key + "]";
                }
                return before.isEmpty() ? key : before + "." + key;
            }
        }

        /** An item of a list, from 0. */
        record Item(Path parent, int index) implements Path {
            @Override
            public String toString() {
                return parent + "[" + index + "]";
            }
        }
    }

    /** One key of a mapping and its value; the value may be null. */
    record Entry(String key, Spot keySpot, Place value) {
        /** Reports, at the key, that nobody knows it. */
        void unknown(String what, List<String> known) {
            value.origin().problems().add(keySpot, value.path().toString(), "unknown " + what + " " + Words.quote(key)
                    + " (expected: " + Words.oneOf(known) + ")" + Words.didYouMean(key, known));
        }
    }

    /** What a value is by the YAML 1.2 core schema. */
    enum Shape {
        TEXT, INTEGER, FLOAT, BOOLEAN, NULL, LIST, MAPPING, TAGGED
    }

    Spot spot() {
        return Spot.of(origin, node.getStartMark());
    }

    void problem(String message) {
        origin.problems().add(spot(), path.toString(), message);
    }

    /** Reports that the value is of the wrong type. */
    void unexpected(String expected) {
        problem("found " + describe() + " (expected: " + expected + ")");
    }

    Shape shape() {
        return switch (node) {
            case MappingNode _ -> Shape.MAPPING;
            case SequenceNode _ -> Shape.LIST;
            case ScalarNode scalar -> shapeOf(scalar.getTag());
            // An alias is resolved by the composer, so no other node reaches us; a stranger is of no use anyway.
            case Node _ -> Shape.TAGGED;
        };
    }

    private static Shape shapeOf(Tag tag) {
        if (tag.equals(Tag.STR)) {
            return Shape.TEXT;
        } else if (tag.equals(Tag.INT)) {
            return Shape.INTEGER;
        } else if (tag.equals(Tag.FLOAT)) {
            return Shape.FLOAT;
        } else if (tag.equals(Tag.BOOL)) {
            return Shape.BOOLEAN;
        } else if (tag.equals(Tag.NULL)) {
            return Shape.NULL;
        }
        return Shape.TAGGED;
    }

    /** The text of a scalar as written, without quotes; {@code ""} for null and anything else. */
    String written() {
        return node instanceof ScalarNode scalar && !isNull() ? scalar.getValue() : "";
    }

    boolean isNull() {
        return shape() == Shape.NULL;
    }

    String describe() {
        return switch (shape()) {
            case TEXT -> "the text " + Words.quote(written());
            case INTEGER, FLOAT -> "the number " + written();
            case BOOLEAN -> written();
            case NULL -> "nothing";
            case LIST -> "a list";
            case MAPPING -> "a mapping";
            case TAGGED -> "a value tagged " + node.getTag().getValue();
        };
    }

    /** The value of a key; empty where the key is absent or its value is null, as in Kubernetes. */
    Optional<Place> get(String key) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode scalar && scalar.getValue().equals(key)) {
                    return Optional.of(new Place(origin, new Path.Key(path, key), tuple.getValueNode()))
                            .filter(place -> !place.isNull());
                }
            }
        }
        return Optional.empty();
    }

    /** A place at the same spot that holds nothing. */
    Place nothing() {
        return new Place(origin, path,
                new ScalarNode(Tag.NULL, true, "", ScalarStyle.PLAIN, node.getStartMark(), node.getStartMark()));
    }

    /** All keys of a mapping in their order; empty for anything else. */
    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    entries.add(new Entry(key.getValue(), Spot.of(origin, key.getStartMark()),
                            new Place(origin, new Path.Key(path, key.getValue()), tuple.getValueNode())));
                }
            }
        }
        return entries;
    }

    /** The items of a list; empty for anything else. */
    List<Place> items() {
        List<Place> items = new ArrayList<>();
        if (node instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                items.add(new Place(origin, new Path.Item(path, items.size()), item));
            }
        }
        return items;
    }

    /** The text, or empty after saying that it is none. */
    Optional<String> text(String expected) {
        if (shape() == Shape.TEXT) {
            return Optional.of(written());
        }
        unexpected(expected);
        return Optional.empty();
    }

    /** As {@link #text}, where any text will do and so its quotes may have been forgotten. */
    Optional<String> anyText() {
        switch (shape()) {
            case TEXT -> {
                return Optional.of(written());
            }
            case INTEGER, FLOAT, BOOLEAN ->
                problem("found " + describe() + " (expected: text) - did you mean \"" + written() + "\", in quotes?");
            case NULL, LIST, MAPPING, TAGGED -> unexpected("text");
        }
        return Optional.empty();
    }

    /** The number, or empty after saying what is wrong with it. */
    Optional<Integer> integer(int least, int most, String expected) {
        if (shape() != Shape.INTEGER) {
            boolean quoted = shape() == Shape.TEXT && written().matches("\\d{1,9}");
            problem("found " + describe() + " (expected: " + expected + ")"
                    + (quoted ? " - did you mean " + written() + ", without quotes?" : ""));
            return Optional.empty();
        }
        Optional<Integer> value = Numbers.integer(written()).filter(n -> n >= least && n <= most);
        if (value.isEmpty()) {
            problem(Words.quote(written()) + " is out of range (expected: " + expected + ")");
        }
        return value;
    }
}
