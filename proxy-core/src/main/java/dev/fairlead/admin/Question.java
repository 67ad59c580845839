package dev.fairlead.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a page is asked.
 *
 * @param accept the request's Accept header, empty where there is none
 * @param query what follows the path, decoded
 */
record Question(String accept, Map<String, List<String>> query) {
    static Question of(String uri, String accept) {
        return new Question(accept, new QueryStringDecoder(uri).parameters());
    }

    /** A parameter that is a whole number from 0 to the most; what is none is as if it were absent. */
    long number(String name, long usual, long most) {
        return parameter(name).filter(text -> text.matches("\\d{1,18}")).map(Long::parseLong)
                .map(value -> Math.min(value, most)).orElse(usual);
    }

    /** The last value of a parameter; empty where it is absent or says nothing. */
    Optional<String> parameter(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast()).filter(value -> !value.isBlank());
    }
}
