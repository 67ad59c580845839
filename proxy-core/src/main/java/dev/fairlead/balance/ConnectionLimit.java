package dev.fairlead.balance;

import java.util.OptionalInt;

/** A service port's limit of new connections. Any thread, never blocks. */
@FunctionalInterface
public interface ConnectionLimit {
    /** No limit. */
    ConnectionLimit NONE = () -> true;

    /** Whether one more connection may come now. */
    boolean tryAcquire();

    /** For readers: how many more may come just now; empty where there is no limit or it cannot say. */
    default OptionalInt available() {
        return OptionalInt.empty();
    }
}
