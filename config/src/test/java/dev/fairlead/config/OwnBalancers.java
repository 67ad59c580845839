package dev.fairlead.config;

import dev.fairlead.model.BalancerChoice;
import dev.fairlead.source.KnownBalancers;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Names as a proxy without further jars knows them; only least-conn takes a parameter. */
final class OwnBalancers implements KnownBalancers {
    @Override
    public SortedSet<String> names() {
        return new TreeSet<>(List.of("random", "round-robin", "least-conn", "source-hash"));
    }

    @Override
    public Optional<String> problem(BalancerChoice choice) {
        boolean fine = choice.parameters().isEmpty() || choice.name().equals("least-conn");
        return fine ? Optional.empty() : Optional.of("balancer " + choice.name() + " takes no parameters");
    }
}
