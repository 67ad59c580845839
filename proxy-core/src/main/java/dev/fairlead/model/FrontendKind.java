package dev.fairlead.model;

/** Which field of a Service an address comes from; it decides which traffic policy applies. */
public enum FrontendKind {
    CLUSTER_IP("ClusterIP", Scope.INTERNAL), NODE_PORT("NodePort", Scope.EXTERNAL), EXTERNAL_IP("ExternalIP",
            Scope.EXTERNAL), LOAD_BALANCER("LoadBalancer", Scope.EXTERNAL);

    /**
     * Which of a Service's two traffic policies applies: {@code internalTrafficPolicy} or
     * {@code externalTrafficPolicy}.
     */
    public enum Scope {
        INTERNAL, EXTERNAL
    }

    private final String word;
    private final Scope scope;

    FrontendKind(String word, Scope scope) {
        this.word = word;
        this.scope = scope;
    }

    public Scope scope() {
        return scope;
    }

    @Override
    public String toString() {
        return word;
    }
}
