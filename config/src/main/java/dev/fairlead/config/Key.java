package dev.fairlead.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One key of our own kind: the same description drives the reader and the schema for editors.
 *
 * @param description one sentence for a reader
 * @param fallback what holds where the key is absent; empty where it must not be
 * @param shown the fallback as it would be written; empty where no text says it
 */
record Key<T>(String name, String description, Form<T> form, Optional<T> fallback, Optional<Object> shown) {

    static <T> Key<T> required(String name, String description, Form<T> form) {
        return new Key<>(name, description, form, Optional.empty(), Optional.empty());
    }

    static <T> Key<T> optional(String name, String description, Form<T> form, T fallback, Object shown) {
        return new Key<>(name, description, form, Optional.of(fallback), Optional.of(shown));
    }

    /** A key whose absence is a value of its own. */
    static <T> Key<Optional<T>> absent(String name, String description, Form<T> form) {
        Form<Optional<T>> wrapped = new Form<>() {
            @Override
            public Optional<Optional<T>> read(Place place) {
                Optional<T> value = form.read(place);
                return value.isPresent() ? Optional.of(value) : Optional.empty();
            }

            @Override
            public Map<String, Object> schema() {
                return form.schema();
            }
        };
        return new Key<>(name, description, wrapped, Optional.of(Optional.empty()), Optional.empty());
    }

    /** The same key, whose absence shows as this value. */
    Key<T> showing(Optional<Object> value) {
        return new Key<>(name, description, form, fallback, value);
    }

    Map<String, Object> schema() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", description);
        schema.putAll(form.schema());
        shown.ifPresent(value -> schema.put("default", value));
        return schema;
    }
}
