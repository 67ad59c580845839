package dev.fairlead.discovery.kubernetes;

import java.util.Optional;

/**
 * Which API server to learn from, and how much of what it knows.
 *
 * @param namespace the Services and slices of this namespace alone, as a sidecar needs them; absent = of all
 */
public record ClusterAccess(ApiServer server, Optional<String> namespace) {
    /** Everything that the server knows. */
    public static ClusterAccess to(ApiServer server) {
        return new ClusterAccess(server, Optional.empty());
    }
}
