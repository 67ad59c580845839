package dev.fairlead.app;

/** How a command ends. */
final class ExitCode {
    /** Done. */
    static final int OK = 0;
    /** The input or the machine would not have it; the messages say why. */
    static final int BAD_INPUT = 1;
    /** The command line itself was wrong. */
    static final int USAGE = 2;

    private ExitCode() {
    }
}
