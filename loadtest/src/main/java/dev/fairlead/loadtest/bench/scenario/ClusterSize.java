package dev.fairlead.loadtest.bench.scenario;

/**
 * How large a cluster is, and how often it changes.
 *
 * @param endpoints of each Service
 * @param changes of one endpoint each, one after the other
 */
public record ClusterSize(int services, int endpoints, int changes) {
    /** As in the goals. */
    public static final ClusterSize FULL = new ClusterSize(10_000, 25, 300);
}
