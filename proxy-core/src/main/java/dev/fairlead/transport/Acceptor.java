package dev.fairlead.transport;

/** Who takes the connections that come through a door. */
public interface Acceptor {
    /**
     * Called on the connection's loop; takes ownership. Nothing has been read yet and nothing is, until it is relayed.
     */
    void accepted(Connection downstream);

    /**
     * The kernel would not hand a connection over: out of descriptors, or out of memory. The connection waits in the
     * kernel's queue. The door has paused itself; somebody must resume it later. Any thread.
     */
    void starved(String why);
}
