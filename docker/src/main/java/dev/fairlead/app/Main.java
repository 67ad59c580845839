package dev.fairlead.app;

/** Where the process begins. */
public final class Main {
    private Main() {
    }

    public static void main(String[] arguments) {
        System.exit(FairleadCommand.tree(Terminal.ofProcess(), ProcessSignals::handled).execute(arguments));
    }
}
