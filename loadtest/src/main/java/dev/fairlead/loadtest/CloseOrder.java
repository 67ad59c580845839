package dev.fairlead.loadtest;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Who closes what, and when. The client names the order in its first line; the endpoint then plays its part and both
 * check the other's.
 */
public enum CloseOrder {
    /** The payload is echoed; the client sends FIN, then the endpoint. */
    CLIENT_FIN_FIRST,
    /** The payload is echoed; the endpoint sends FIN, then the client. */
    ENDPOINT_FIN_FIRST,
    /** The payload is echoed; both send FIN without waiting for the other's. */
    BOTH_AT_ONCE,
    /** The client sends payload and FIN; only then does the endpoint send the payload back. */
    HALF_CLOSE_THEN_READ,
    /** The client sends the payload and closes; the endpoint must still get all of it. */
    WRITE_THEN_CLOSE,
    /** The endpoint sends the payload and closes; the client must still get all of it. */
    ENDPOINT_WRITE_THEN_CLOSE,
    /** The payload is echoed; the client resets, and the endpoint must see a reset, not a FIN. */
    CLIENT_RESET,
    /** The client resets after half of its payload; the endpoint must see a reset. */
    CLIENT_RESET_MIDWAY,
    /** The payload is echoed; the endpoint resets, and the client must see a reset, not a FIN. */
    ENDPOINT_RESET,
    /** The client closes as soon as it is connected. */
    CLOSE_BEFORE_ANYTHING;

    /** As written on a command line: {@code client-fin-first}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<CloseOrder> byWord(String word) {
        return Arrays.stream(values()).filter(order -> order.word().equals(word)).findFirst();
    }

    /** All of them, in the order of declaration. */
    public static List<CloseOrder> all() {
        return List.of(values());
    }
}
