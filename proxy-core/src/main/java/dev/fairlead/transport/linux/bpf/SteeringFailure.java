package dev.fairlead.transport.linux.bpf;

/** The kernel would not be steered; the message says what was asked of it, its word, and what to do. */
public final class SteeringFailure extends Exception {
    private static final long serialVersionUID = 1;

    SteeringFailure(String message) {
        super(message);
    }
}
