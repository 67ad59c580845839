package dev.fairlead.model;

import java.time.Duration;

/** Kubernetes' {@code sessionAffinity}. */
public sealed interface SessionAffinity {
    SessionAffinity NONE = new None();

    /** Every connection is balanced anew. */
    record None() implements SessionAffinity {
    }

    /**
     * Connections from one source address go to one endpoint.
     *
     * @param timeout since the client's last new connection; 1 s to 86,400 s, 10,800 s where the Service says nothing
     */
    record ClientIp(Duration timeout) implements SessionAffinity {
    }
}
