package dev.fairlead.transport;

/** A door could not be opened: address in use, not local, not permitted. The message is the kernel's word. */
public final class OpenFailure extends Exception {
    private static final long serialVersionUID = 1;

    public OpenFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
