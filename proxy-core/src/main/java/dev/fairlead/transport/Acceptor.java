package dev.fairlead.transport;

/** Who takes the connections that come through a door. */
public interface Acceptor {
    /**
     * A connection was taken from the kernel's queue: its descriptor is in use until {@link #gone}. On the door's loop,
     * before {@link #accepted} on the connection's; the door takes the next one only after this returns.
     */
    void arriving();

    /** A connection that arrived is closed, whether it was accepted or not. Any thread. */
    void gone();

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
