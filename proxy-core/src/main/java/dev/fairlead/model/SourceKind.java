package dev.fairlead.model;

/** Where a connection comes from, as kube-proxy tells sources apart; it decides about short circuits. */
public enum SourceKind {
    /** The local detector says that it is a pod. */
    POD("pod"),
    /** One of this node's own addresses. */
    NODE("node"),
    /** Anywhere else. */
    EXTERNAL("external");

    private final String word;

    SourceKind(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
