package dev.fairlead.loadtest.generate;

import java.util.Locale;

/** The talks of the soak. */
enum MixedKind {
    /** Request, reply, the endpoint closes. */
    CONNECT,
    /** Messages of random sizes, each echoed before the next. */
    PINGPONG,
    /** Megabytes up and down at once, then both close. */
    BULK_BOTH,
    /** Megabytes down, then the client breaks off. */
    BULK_DOWN,
    /** Everything sent and FIN, before the echo is read to its end. */
    HALF_CLOSE,
    /** The client resets with bytes under way. */
    RESET,
    /** A client that reads a little at a time, and breaks off. */
    SLOW;

    /** As in reports: {@code half-close}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
