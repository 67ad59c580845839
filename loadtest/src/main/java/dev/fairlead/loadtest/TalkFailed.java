package dev.fairlead.loadtest;

import java.io.IOException;

/** A conversation that did not go as agreed. */
final class TalkFailed extends IOException {
    private static final long serialVersionUID = 1L;
    private final Failure failure;

    TalkFailed(Failure failure, String detail) {
        super(detail);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }

    /** What happened, for a reader. */
    String detail() {
        return String.valueOf(getMessage());
    }
}
