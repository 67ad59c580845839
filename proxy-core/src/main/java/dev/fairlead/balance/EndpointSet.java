package dev.fairlead.balance;

/** The two sets of endpoints a service port may use. */
public enum EndpointSet {
    /** Anywhere in the cluster, narrowed by hints. */
    CLUSTER("cluster"),
    /** On this node only. */
    LOCAL("local");

    private final String word;

    EndpointSet(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
