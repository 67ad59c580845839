package dev.fairlead.source;

import dev.fairlead.model.BalancerChoice;
import java.util.Optional;
import java.util.SortedSet;

/** Which balancers exist, for the messages of whoever reads their names. Implemented where balancers are found. */
public interface KnownBalancers {
    SortedSet<String> names();

    /** What is wrong with the parameters of a balancer that exists, in words for a reader. */
    Optional<String> problem(BalancerChoice choice);
}
