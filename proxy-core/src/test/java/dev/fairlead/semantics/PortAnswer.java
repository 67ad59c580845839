package dev.fairlead.semantics;

import java.util.List;

/**
 * What one side of the comparison says of a service port. Lists are sorted as text; a set that the port never uses is
 * {@code "never"}.
 *
 * @param name {@code namespace/name:port protocol family}
 * @param policies {@code internal/external}, the effective ones
 * @param affinity {@code "None"}, or the timeout in seconds
 * @param frontends those that no other service port has taken
 * @param endpoints with their conditions
 */
record PortAnswer(String name, String policies, String affinity, int healthCheckNodePort, List<String> frontends,
        List<String> endpoints, String cluster, String local, boolean hasAny) {
}
