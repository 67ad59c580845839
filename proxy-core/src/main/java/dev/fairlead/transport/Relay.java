package dev.fairlead.transport;

/** Two connections whose bytes are being passed on. Confined to its loop. */
public interface Relay {
    /** Bytes taken from the sending side so far; at an orderly end all of them have been delivered. */
    long bytes(Direction direction);

    /**
     * Looks whether a side that has sent its FIN was reset since. A reader is not told of that, and a writer only when
     * there is something to write. Called about once a second while the relay is half-closed. Default: this data path
     * is told.
     */
    default void probe() {
    }

    /** Ends both connections with a reset; {@link RelayCallback#ended} is not called. Idempotent. */
    void reset();
}
