package dev.fairlead.config;

import dev.fairlead.config.Form.Meaning;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.source.PolicyWord;
import dev.fairlead.source.PolicyWord.Parsed;
import dev.fairlead.source.PolicyWords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The policy words as keys of our own kind, for the defaults and for each service in short form. */
final class PolicyKeys {
    /** What a key said: as text, and as a change. */
    private record Said(String text, UnaryOperator<ServicePolicy> change) {
    }

    private final Map<PolicyWord, Key<Optional<Said>>> keys = new LinkedHashMap<>();

    /** Keys whose absence leaves what {@link ProxyConfig#DEFAULTS} says. */
    static PolicyKeys ofDefaults(PolicyWords words) {
        return new PolicyKeys(words,
                word -> Optional.of(word.show().apply(ProxyConfig.DEFAULTS.services().defaults())));
    }

    /** Keys whose absence leaves what the defaults section says. */
    static PolicyKeys ofService(PolicyWords words) {
        return new PolicyKeys(words, _ -> Optional.empty());
    }

    private PolicyKeys(PolicyWords words, Function<PolicyWord, Optional<Object>> shown) {
        for (PolicyWord word : words.all()) {
            Form<Said> form = new Form.Word<>(word.expected(), List.of(word.show().apply(ServicePolicy.DEFAULTS)),
                    text -> parse(word, text));
            String description = word.description() + " Expected: " + word.expected() + ".";
            keys.put(word, Key.absent(word.key(), description, form).showing(shown.apply(word)));
        }
    }

    List<Key<?>> keys() {
        return new ArrayList<>(keys.values());
    }

    /** The defaults as a section changes them. */
    ServicePolicy policy(Section section) {
        ServicePolicy policy = ProxyConfig.DEFAULTS.services().defaults();
        for (Key<Optional<Said>> key : keys.values()) {
            policy = section.value(key).map(Said::change).orElse(UnaryOperator.identity()).apply(policy);
        }
        return policy;
    }

    /** What a section says, in the annotations that would say it of a Service. */
    Map<String, String> annotations(Section section) {
        Map<String, String> annotations = new LinkedHashMap<>();
        keys.forEach(
                (word, key) -> section.value(key).ifPresent(said -> annotations.put(word.annotation(), said.text())));
        return annotations;
    }

    private static Meaning<Said> parse(PolicyWord word, String text) {
        return switch (word.parse(text)) {
            case Parsed.Change(UnaryOperator<ServicePolicy> change) -> new Meaning.Value<>(new Said(text, change));
            case Parsed.Wrong(String problem) -> new Meaning.Wrong<>(problem);
        };
    }
}
