package dev.fairlead.control;

import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.OpenFailure;

/** The sockets that clients come to, as the control thread moves them. Called on the control thread only. */
public interface Doors {
    /**
     * Opens a door; returns when it is open. Never called for one that is.
     *
     * @throws OpenFailure when the kernel will not; it is asked again later
     */
    void open(TransportAddress address) throws OpenFailure;

    /**
     * Returns when the door is closed: later clients are refused. Connections that came through it live on, UDP flows
     * are over.
     */
    void close(TransportAddress address);
}
