package dev.fairlead.loadtest.generate;

/** A command that could not be done; its message is for whoever sent it. */
final class CommandFailed extends Exception {
    CommandFailed(String message) {
        super(message);
    }

    CommandFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
