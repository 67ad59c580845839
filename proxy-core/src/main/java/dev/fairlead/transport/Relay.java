package dev.fairlead.transport;

/** Two connections whose bytes are being passed on. Confined to its loop. */
public interface Relay {
    /** Bytes delivered to the kernel of the receiving side so far. Any thread may read it and sees a recent value. */
    long bytes(Direction direction);

    /** Ends both connections with a reset; {@link RelayCallback#ended} is not called. Idempotent. */
    void reset();
}
