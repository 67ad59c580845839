package dev.fairlead.config;

import java.util.List;
import java.util.Optional;

/** A mapping of our own kind, read key by key. */
final class Section {
    private final Place place;
    private final List<Key<?>> keys;

    Section(Place place, List<Key<?>> keys) {
        this.place = place;
        this.keys = keys;
    }

    Place place() {
        return place;
    }

    /** The value of a key that has a fallback; the fallback too where the value is wrong, after saying so. */
    <T> T value(Key<T> key) {
        T fallback = key.fallback().orElseThrow(() -> new IllegalArgumentException("no fallback: " + key.name()));
        return read(key).orElse(fallback);
    }

    /** The value of a key that must be there, or empty after saying what is wrong. */
    <T> Optional<T> required(Key<T> key) {
        if (place.get(key.name()).isEmpty()) {
            place.problem(key.name() + " is missing (expected: " + expected(key) + ")");
            return Optional.empty();
        }
        return read(key);
    }

    private <T> Optional<T> read(Key<T> key) {
        if (!keys.contains(key)) {
            throw new IllegalArgumentException("not a key of this section: " + key.name());
        }
        return place.get(key.name()).flatMap(key.form()::read);
    }

    private static String expected(Key<?> key) {
        String description = key.description();
        return Character.toLowerCase(description.charAt(0)) + description.substring(1, description.length() - 1);
    }
}
