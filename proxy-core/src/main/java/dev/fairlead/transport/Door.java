package dev.fairlead.transport;

import dev.fairlead.model.IpPort;

/** A listening socket. Any thread. */
public interface Door {
    /** What it is bound to; the port is the real one also where any free one was asked for. */
    IpPort address();

    /** Stops taking connections from the kernel's queue; they wait there. Idempotent. */
    void pause();

    /** Takes connections again. Idempotent. */
    void resume();

    /** Returns when the socket is closed: later clients are refused. Accepted connections live on. Idempotent. */
    void close();
}
