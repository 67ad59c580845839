package dev.fairlead.model;

/** Kubernetes' {@code internalTrafficPolicy} and {@code externalTrafficPolicy}. */
public enum TrafficPolicy {
    CLUSTER("Cluster"), LOCAL("Local");

    private final String word;

    TrafficPolicy(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
