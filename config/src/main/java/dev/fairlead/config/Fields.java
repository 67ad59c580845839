package dev.fairlead.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A mapping of a Kubernetes object: what is asked for is checked, everything else is passed over. What is absent or of
 * the wrong type reads as empty, the latter after saying so.
 */
record Fields(Place place) {

    /** The mapping, or empty after saying that it is none. */
    static Optional<Fields> of(Place place) {
        if (place.shape() != Place.Shape.MAPPING) {
            place.unexpected("a mapping");
            return Optional.empty();
        }
        return Optional.of(new Fields(place));
    }

    Optional<Fields> object(String key) {
        return place.get(key).flatMap(Fields::of);
    }

    /** The value of a key whatever its type. */
    Optional<Place> value(String key) {
        return place.get(key);
    }

    String text(String key) {
        return optionalText(key).orElse("");
    }

    Optional<String> optionalText(String key) {
        return place.get(key).flatMap(Place::anyText);
    }

    /** One of the words, or {@code ""}. */
    String choice(String key, List<String> words) {
        Optional<Place> value = place.get(key);
        String text = value.flatMap(v -> v.text(Words.oneOf(words))).orElse("");
        if (!text.isEmpty() && !words.contains(text)) {
            value.ifPresent(v -> v.problem("unknown value " + Words.quote(text) + " (expected: " + Words.oneOf(words)
                    + ")" + Words.didYouMean(text, words)));
            return "";
        }
        return text;
    }

    Optional<Integer> integer(String key, int least, int most, String expected) {
        return place.get(key).flatMap(value -> value.integer(least, most, expected));
    }

    Optional<Boolean> flag(String key) {
        return place.get(key).flatMap(new Form.Flag()::read);
    }

    List<Place> list(String key) {
        Optional<Place> value = place.get(key);
        if (value.isPresent() && value.get().shape() != Place.Shape.LIST) {
            value.get().unexpected("a list");
        }
        return value.map(Place::items).orElse(List.of());
    }

    List<Fields> objects(String key) {
        List<Fields> objects = new ArrayList<>();
        for (Place item : list(key)) {
            Fields.of(item).ifPresent(objects::add);
        }
        return objects;
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Place item : list(key)) {
            item.anyText().ifPresent(texts::add);
        }
        return texts;
    }

    /**
     * Labels or annotations. Kubernetes has only texts there, but writers of YAML 1.1 leave some without quotes that
     * YAML 1.2 reads as numbers; they are meant as they are written.
     */
    Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Place.Entry entry : object(key).map(object -> object.place().entries()).orElse(List.of())) {
            switch (entry.value().shape()) {
                case TEXT, INTEGER, FLOAT, BOOLEAN, NULL -> texts.put(entry.key(), entry.value().written());
                case LIST, MAPPING, TAGGED -> entry.value().unexpected("text");
            }
        }
        return texts;
    }
}
