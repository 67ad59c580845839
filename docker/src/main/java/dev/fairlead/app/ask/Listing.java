package dev.fairlead.app.ask;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All things of a kind, as a running process told them. */
public sealed interface Listing {
    ObjectMapper JSON = new JsonMapper();

    /** They were told. */
    record Told(List<Noun.Item> items) implements Listing {
    }

    /**
     * They were not.
     *
     * @param answer what was said instead, or why nothing was
     */
    record Untold(Asking.Answer answer) implements Listing {
    }

    /** Asks as often as it takes. */
    static Listing of(Noun noun, Function<String, Asking.Answer> ask) {
        List<Noun.Item> items = new ArrayList<>();
        while (true) {
            Asking.Answer answer = ask.apply(noun.path(items.size()));
            if (!(answer instanceof Asking.Answer.Said said) || !said.fine()) {
                return new Untold(answer);
            }
            JsonNode told;
            try {
                told = JSON.readTree(said.text());
            } catch (JacksonException other) {
                return new Untold(new Asking.Answer.Nobody("what answers there is no Fairlead: " + other.getMessage()));
            }
            List<Noun.Item> more = noun.items(told);
            items.addAll(more);
            if (noun != Noun.SERVICES || more.isEmpty() || items.size() >= told.path("matching").asInt(0)) {
                return new Told(items);
            }
        }
    }
}
