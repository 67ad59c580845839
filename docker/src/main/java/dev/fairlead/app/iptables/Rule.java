package dev.fairlead.app.iptables;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One rule.
 *
 * @param line where it stands, from 1
 * @param comment {@code ""} where it has none
 */
record Rule(int line, String chain, List<Match> matches, Action action, String comment) {
    Rule {
        matches = List.copyOf(matches);
    }

    /** The matches of one kind. */
    <M extends Match> Stream<M> matches(Class<M> kind) {
        return matches.stream().filter(kind::isInstance).map(kind::cast);
    }

    /** Where it leads on to, if to a chain. */
    Optional<String> next() {
        return action instanceof Action.Jump(String to) ? Optional.of(to) : Optional.empty();
    }
}
