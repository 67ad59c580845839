package dev.fairlead.transport;

/** Two connections whose bytes are being passed on. Confined to its loop. */
public interface Relay {
    /** Bytes taken from the sending side so far; at an orderly end all of them have been delivered. */
    long bytes(Direction direction);

    /** Ends both connections with a reset; {@link RelayCallback#ended} is not called. Idempotent. */
    void reset();
}
