package dev.fairlead.loadtest.generate;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The loads that clients can make. */
enum LoadKind {
    /** A unit is a whole connection: request, reply, end. */
    CONNECT,
    /** A unit is an exchange on a connection that stays. */
    PINGPONG,
    /** A unit is a byte read. */
    BULK_DOWN,
    /** A unit is a byte written. */
    BULK_UP,
    /** A unit is a byte read, at a chosen pace. */
    SLOW,
    /** A unit is a datagram and its reply, on a socket that stays. */
    UDP_FIXED,
    /** A unit is a datagram and its reply, on a socket of its own. */
    UDP_FRESH;

    /** As in commands: {@code bulk-down}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static LoadKind byWord(String word) throws CommandFailed {
        for (LoadKind kind : values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        throw new CommandFailed("kind=" + word + " (expected: "
                + Arrays.stream(values()).map(LoadKind::word).collect(Collectors.joining(", ")) + ")");
    }

    /** Whether units have a beginning and an end; otherwise bytes flow as they may. */
    boolean hasUnits() {
        return this != BULK_DOWN && this != BULK_UP && this != SLOW;
    }

    boolean isDatagram() {
        return this == UDP_FIXED || this == UDP_FRESH;
    }
}
