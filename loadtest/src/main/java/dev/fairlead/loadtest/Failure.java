package dev.fairlead.loadtest;

import java.util.Locale;

/** What went wrong with one connection, as seen from one end of it. */
public enum Failure {
    /** Nobody listens. */
    REFUSED,
    /** No answer to the connect in time. */
    CONNECT_TIMEOUT,
    /** Reset before the other side had said anything. */
    RESET_BEFORE_FIRST_BYTE,
    /** Reset later. */
    RESET_AFTER_FIRST_BYTE,
    /** Closed in order before the other side had said anything. */
    ENDED_BEFORE_FIRST_BYTE,
    /** Closed in order before everything had come. */
    ENDED_SHORT,
    /** The other side went silent. */
    TIMEOUT,
    /** A byte is not the one that was sent. */
    CORRUPT,
    /** More bytes than were sent. */
    TOO_MUCH,
    /** A FIN where a reset was due. */
    FIN_INSTEAD_OF_RESET,
    /** The answer is none of the protocol's. */
    WRONG_ANSWER,
    /** Anything else: the detail says what. */
    OTHER;

    /** As written in reports: {@code reset-before-first-byte}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
