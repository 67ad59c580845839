package dev.fairlead.admin;

import java.io.IOException;

/** The admin address could not be opened; the message names it and says what to do. */
public final class AdminBindFailure extends IOException {
    private static final long serialVersionUID = 1;

    AdminBindFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
