package dev.fairlead.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a value of our own kind may look like: it reads one, and it describes itself to editors. */
interface Form<T> {
    /** The value, or empty after saying what is wrong with it. */
    Optional<T> read(Place place);

    /** As JSON Schema. */
    Map<String, Object> schema();

    /** What a text means. */
    sealed interface Meaning<T> {
        /** Understood. */
        record Value<T>(T value) implements Meaning<T> {
        }

        /**
         * Not understood.
         *
         * @param problem what is wrong (what was expected) - did you mean …
         */
        record Wrong<T>(String problem) implements Meaning<T> {
        }
    }

    /** A text that the parser understands. */
    record Text<T>(String expected, List<String> examples, Function<String, Meaning<T>> parser) implements Form<T> {
        @Override
        public Optional<T> read(Place place) {
            if (place.shape() == Place.Shape.TEXT) {
                return meaning(place, parser.apply(place.written()));
            }
            forgottenQuotes(place, expected, parser);
            return Optional.empty();
        }

        @Override
        public Map<String, Object> schema() {
            return ordered("type", "string", "examples", examples);
        }
    }

    /** A text or a whole number, understood by its text: {@code 3} as well as {@code off}. */
    record Word<T>(String expected, List<String> examples, Function<String, Meaning<T>> parser) implements Form<T> {
        @Override
        public Optional<T> read(Place place) {
            return switch (place.shape()) {
                case TEXT, INTEGER -> meaning(place, parser.apply(place.written()));
                case FLOAT, BOOLEAN, NULL, LIST, MAPPING, TAGGED -> {
                    forgottenQuotes(place, expected, parser);
                    yield Optional.empty();
                }
            };
        }

        @Override
        public Map<String, Object> schema() {
            return ordered("type", List.of("string", "integer"), "examples", examples);
        }
    }

    /** True or false. */
    record Flag() implements Form<Boolean> {
        @Override
        public Optional<Boolean> read(Place place) {
            if (place.shape() != Place.Shape.BOOLEAN) {
                place.unexpected("true or false");
                return Optional.empty();
            }
            // The core schema also writes True and TRUE.
            return Optional.of(place.written().equalsIgnoreCase("true"));
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("type", "boolean");
        }
    }

    /** One of some words. */
    record Choice<T>(String what, Map<String, T> words) implements Form<T> {
        public Choice {
            words = new LinkedHashMap<>(words);
        }

        /** The constants of an enum, in lower case. */
        static <E extends Enum<E>> Choice<E> ofLowerCase(String what, List<E> constants) {
            Map<String, E> words = new LinkedHashMap<>();
            constants.forEach(constant -> words.put(lowerCase(constant), constant));
            return new Choice<>(what, words);
        }

        /** Words that mean themselves. */
        static Choice<String> ofWords(String what, List<String> texts) {
            Map<String, String> words = new LinkedHashMap<>();
            texts.forEach(text -> words.put(text, text));
            return new Choice<>(what, words);
        }

        static String lowerCase(Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public Optional<T> read(Place place) {
            return place.text(Words.oneOf(words.keySet())).flatMap(text -> {
                Optional<T> value = Optional.ofNullable(words.get(text));
                if (value.isEmpty()) {
                    place.problem("unknown " + what + " " + Words.quote(text) + " (expected: "
                            + Words.oneOf(words.keySet()) + ")" + Words.didYouMean(text, words.keySet()));
                }
                return value;
            });
        }

        @Override
        public Map<String, Object> schema() {
            return Map.of("enum", List.copyOf(words.keySet()));
        }
    }

    /** A list whose items are all of one form. */
    record Many<T>(Form<T> item) implements Form<List<T>> {
        @Override
        public Optional<List<T>> read(Place place) {
            if (place.shape() != Place.Shape.LIST) {
                place.unexpected("a list");
                return Optional.empty();
            }
            List<T> values = new ArrayList<>();
            for (Place each : place.items()) {
                item.read(each).ifPresent(values::add);
            }
            return Optional.of(values);
        }

        @Override
        public Map<String, Object> schema() {
            return ordered("type", "array", "items", item.schema());
        }
    }

    /** A value, or a list of at least one. */
    record OneOrMany<T>(Form<T> item) implements Form<List<T>> {
        @Override
        public Optional<List<T>> read(Place place) {
            if (place.shape() != Place.Shape.LIST) {
                return item.read(place).map(List::of);
            }
            if (place.items().isEmpty()) {
                place.problem("found an empty list (expected: at least one value)");
                return Optional.empty();
            }
            return new Many<>(item).read(place);
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> list = ordered("type", "array", "items", item.schema());
            list.put("minItems", 1);
            return Map.of("oneOf", List.of(item.schema(), list));
        }
    }

    /** A value together with its place, for checks that need more than the value. */
    record Placed<T>(T value, Place place) {
        static <T> Form<Placed<T>> of(Form<T> form) {
            return new Form<>() {
                @Override
                public Optional<Placed<T>> read(Place place) {
                    return form.read(place).map(value -> new Placed<>(value, place));
                }

                @Override
                public Map<String, Object> schema() {
                    return form.schema();
                }
            };
        }
    }

    /** A mapping with these keys and no others. */
    record Group<T>(List<Key<?>> keys, Function<Section, Optional<T>> make) implements Form<T> {
        public Group {
            keys = List.copyOf(keys);
        }

        /** A group that can always be made, since each key has a fallback. */
        static <T> Group<T> of(List<Key<?>> keys, Function<Section, T> make) {
            return new Group<>(keys, section -> Optional.of(make.apply(section)));
        }

        @Override
        public Optional<T> read(Place place) {
            if (place.shape() != Place.Shape.MAPPING) {
                place.unexpected("a mapping");
                return Optional.empty();
            }
            List<String> known = keys.stream().map(Key::name).toList();
            for (Place.Entry entry : place.entries()) {
                if (!known.contains(entry.key())) {
                    entry.unknown("key", known);
                }
            }
            return make.apply(new Section(place, keys));
        }

        @Override
        public Map<String, Object> schema() {
            Map<String, Object> properties = new LinkedHashMap<>();
            keys.forEach(key -> properties.put(key.name(), key.schema()));
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "object");
            List<String> required = keys.stream().filter(key -> key.fallback().isEmpty()).map(Key::name).toList();
            if (!required.isEmpty()) {
                schema.put("required", required);
            }
            schema.put("additionalProperties", false);
            schema.put("properties", properties);
            return schema;
        }
    }

    private static Map<String, Object> ordered(String firstKey, Object first, String secondKey, Object second) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(firstKey, first);
        map.put(secondKey, second);
        return map;
    }

    /** Reports a value that is no text, and the text that may have been meant: {@code off} is false in YAML 1.1. */
    private static <T> void forgottenQuotes(Place place, String expected, Function<String, Meaning<T>> parser) {
        String found = "found " + place.describe() + " (expected: " + expected + ")";
        switch (place.shape()) {
            case INTEGER, FLOAT, BOOLEAN -> {
                boolean number = place.shape() != Place.Shape.BOOLEAN;
                String text = place.written().equals("false") ? "off" : place.written();
                place.problem(switch (parser.apply(text)) {
                    case Meaning.Value<T> _ -> found + " - did you mean \"" + text + "\", in quotes?";
                    case Meaning.Wrong<T>(String problem) -> number ? problem : found;
                });
            }
            case TEXT, NULL, LIST, MAPPING, TAGGED -> place.problem(found);
        }
    }

    private static <T> Optional<T> meaning(Place place, Meaning<T> meaning) {
        return switch (meaning) {
            case Meaning.Value<T>(T value) -> Optional.of(value);
            case Meaning.Wrong<T>(String problem) -> {
                place.problem(problem);
                yield Optional.empty();
            }
        };
    }
}
