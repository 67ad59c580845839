package dev.fairlead.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of {@code metadata} that matters here.
 *
 * @param namespace {@code default} where it is absent; means nothing for a Node
 * @param place of the name
 */
record Metadata(String namespace, String name, Map<String, String> labels, Place place) {
    static final String DEFAULT_NAMESPACE = "default";
    static final String NAME_EXPECTED = "lower case letters, digits, - and .";
    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?");

    /** The metadata, or empty after saying why the object cannot be told from others. */
    static Optional<Metadata> of(Fields object) {
        Optional<Fields> metadata = object.object("metadata");
        if (metadata.isEmpty() && object.value("metadata").isPresent()) {
            return Optional.empty();
        }
        Place around = metadata.map(Fields::place).orElse(object.place());
        Optional<Place> name = metadata.flatMap(m -> m.value("name"));
        if (name.isEmpty()) {
            around.problem(
                    (metadata.isEmpty() ? "metadata.name" : "name") + " is missing (expected: the object's name)");
            return Optional.empty();
        }
        Optional<String> text = name(name.get());
        Optional<Place> namespacePlace = metadata.flatMap(m -> m.value("namespace"));
        Optional<String> namespace = namespacePlace.isPresent()
                ? name(namespacePlace.get())
                : Optional.of(DEFAULT_NAMESPACE);
        if (text.isEmpty() || namespace.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Metadata(namespace.get(), text.get(),
                metadata.map(m -> m.textMap("labels")).orElse(Map.of()), name.get()));
    }

    /** The name of something in Kubernetes, or empty after saying why it is none. */
    static Optional<String> name(Place place) {
        Optional<String> text = place.anyText();
        if (text.isPresent() && !isName(text.get())) {
            place.problem(Words.quote(text.get()) + " is not a name (expected: " + NAME_EXPECTED + ")");
            return Optional.empty();
        }
        return text;
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }
}
