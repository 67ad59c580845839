package dev.fairlead.balance;

/** A service port's limit of new connections. Any thread, never blocks. */
public interface ConnectionLimit {
    /** No limit. */
    ConnectionLimit NONE = () -> true;

    /** Whether one more connection may come now. */
    boolean tryAcquire();
}
