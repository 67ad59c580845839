package dev.fairlead.forward;

/** How far a connection has come. It only ever moves down this list. */
enum SessionState {
    /** Who the client is, and whether it may come, is not known yet. */
    ADMITTING,
    /** An endpoint is being found; no byte of the client was read, so another may be tried freely. */
    CONNECTING,
    /** Bytes pass both ways. */
    RELAYING,
    /** One direction is done, the other goes on for as long as it likes. */
    HALF_CLOSED,
    /** Over; summarised and forgotten. */
    ENDED;

    /**
     * @throws IllegalStateException when the step would go back or repeat: an outcome after the end, a relay that
     *     starts twice
     */
    SessionState to(SessionState next) {
        boolean legal = switch (next) {
            case ADMITTING -> false;
            case CONNECTING -> this == ADMITTING;
            case RELAYING -> this == CONNECTING;
            case HALF_CLOSED -> this == RELAYING || this == HALF_CLOSED;
            case ENDED -> this != ENDED;
        };
        if (!legal) {
            throw new IllegalStateException("session: " + this + " to " + next + " (expected: a step forward)");
        }
        return next;
    }
}
