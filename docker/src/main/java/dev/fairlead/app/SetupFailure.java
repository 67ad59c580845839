package dev.fairlead.app;

/** A setting that cannot be carried out on this machine. The message is for the user: what, why, what to do. */
final class SetupFailure extends Exception {
    private static final long serialVersionUID = 1;

    SetupFailure(String message) {
        super(message);
    }
}
