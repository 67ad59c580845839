package dev.fairlead.balance;

import dev.fairlead.transport.Randomness;
import java.util.Map;
import java.util.Optional;

/**
 * A balancer that can be named in the configuration. Found through {@link java.util.ServiceLoader}, so that a jar on
 * the class path can add one.
 */
public interface BalancerProvider {
    /** The name in the configuration: lower case, words joined by hyphens. */
    String name();

    /** What is wrong with the parameters, in words for a reader; empty where nothing is. Default: none are known. */
    default Optional<String> problem(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? Optional.empty()
                : Optional.of(name() + " takes no parameters: " + parameters.keySet());
    }

    /** One balancer for one service port and scope. The parameters have no {@link #problem}. */
    Balancer create(Map<String, String> parameters, Randomness randomness);
}
