package dev.fairlead.model;

import java.time.Duration;

/** TCP keepalive of both sides of a connection. */
public sealed interface KeepAlive {
    KeepAlive OFF = new Off();

    /** The kernel never probes. */
    record Off() implements KeepAlive {
    }

    /**
     * The kernel probes an idle connection.
     *
     * @param idle silence before the first probe, whole seconds, at least one; the interval and the number of further
     *     probes are the kernel's
     */
    record On(Duration idle) implements KeepAlive {
    }
}
