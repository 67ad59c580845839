package dev.fairlead.control;

import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.OpenFailure;

/** The sockets that clients come to, as the control thread moves them. Called on the control thread only. */
public interface Doors {
    /**
     * Opens a door; returns when it is open. Never called for one that is.
     *
     * @param filter whom it takes, from its first moment on
     * @throws OpenFailure when the kernel will not; it is asked again later
     */
    void open(TransportAddress address, SourceFilter filter) throws OpenFailure;

    /**
     * Makes an open door take others than before, at once. Connections that came through it live on.
     *
     * @throws OpenFailure when the kernel will not; the door is as it was, and it is asked again later
     */
    void filter(TransportAddress address, SourceFilter filter) throws OpenFailure;

    /**
     * Returns when the door is closed: later clients are refused. Connections that came through it live on, UDP flows
     * are over.
     */
    void close(TransportAddress address);

    /**
     * Keeps the address of a door that is shut or about to be, until the door opens or {@link #letGo}. Never called for
     * one that is kept.
     *
     * @throws OpenFailure when it cannot be had; it is asked again later
     */
    void hold(TransportAddress address) throws OpenFailure;

    /** Gives up an address that was kept. */
    void letGo(TransportAddress address);

    /**
     * Some connections to endpoints are to carry their client's address from now on; called again at every table for
     * which that is so. Default: they do not.
     */
    default void keepClients() {
    }
}
