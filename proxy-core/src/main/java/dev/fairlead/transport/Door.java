package dev.fairlead.transport;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import java.util.OptionalInt;

/** A listening socket. Any thread. */
public interface Door {
    /** What it is bound to; the port is the real one also where any free one was asked for. */
    IpPort address();

    /**
     * The listening socket's descriptor, in use until the door is closed: for who hands it over, or has the kernel lead
     * clients there. Empty where it has none to show.
     */
    OptionalInt descriptor();

    /** Stops taking connections from the kernel's queue; they wait there. Idempotent. */
    void pause();

    /** Takes connections again. Idempotent. */
    void resume();

    /**
     * Takes others than before, at once. Connections that were accepted live on. Does nothing where doors have no
     * filters.
     *
     * @throws OpenFailure when the kernel will not; it is as before then
     */
    void filter(SourceFilter filter) throws OpenFailure;

    /** Returns when the socket is closed: later clients are refused. Accepted connections live on. Idempotent. */
    void close();
}
