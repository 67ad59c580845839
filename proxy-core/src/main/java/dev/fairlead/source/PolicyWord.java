package dev.fairlead.source;

import dev.fairlead.model.ServicePolicy;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One thing that can be said about how connections to a service are made and kept: a key of ProxyConfiguration and, in
 * the spelling of annotations, of a Service.
 *
 * @param key in ProxyConfiguration: {@code connectTimeout}
 * @param description one sentence for a reader
 * @param expected what a value looks like, for messages: {@code a duration such as 2s or 500ms}
 * @param show the text that would set the value a policy has
 * @param parser text to change, or to what is wrong with it
 */
public record PolicyWord(String key, String description, String expected, Function<ServicePolicy, String> show,
        Function<String, Parsed> parser) {
    /** What every annotation of ours begins with. */
    public static final String ANNOTATION_PREFIX = "fairlead.dev/";

    /** What a value says. */
    public sealed interface Parsed {
        /** How it changes a policy. */
        record Change(UnaryOperator<ServicePolicy> change) implements Parsed {
        }

        /**
         * Why it cannot be understood.
         *
         * @param problem for a reader: what is wrong (what was expected) - did you mean …
         */
        record Wrong(String problem) implements Parsed {
        }
    }

    /** The same word on a Service: {@code fairlead.dev/connect-timeout}. */
    public String annotation() {
        StringBuilder text = new StringBuilder(ANNOTATION_PREFIX);
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (Character.isUpperCase(c)) {
                text.append('-');
            }
            text.append(c);
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    public Parsed parse(String text) {
        return parser.apply(text.strip());
    }
}
