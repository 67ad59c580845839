package dev.fairlead.e2e.cluster;

/** An object of the API: what it is called, and how it is written. */
interface KubeObject {
    /** Such as {@code service-web}: no other object of the cluster is called that. */
    String id();

    /** As {@code kubectl get -o yaml} would print it. */
    String yaml();
}
