package dev.fairlead.transport;

/** Who takes the clients that send datagrams to a door. */
public interface DatagramAcceptor {
    /**
     * A client that is not known at this door has sent a datagram. Called on the flow's loop. Whoever wants it connects
     * the flow before this returns: then the datagram is passed on, and the flow lives until somebody
     * {@link DatagramFlow#close closes} it. Otherwise the datagram is dropped and the client stays unknown, also where
     * this throws.
     */
    void arrived(DatagramFlow flow);
}
