package dev.fairlead.app;

import java.util.function.Supplier;

/** Where the process begins. */
public final class Main {
    private Main() {
    }

    public static void main(String[] arguments) {
        Searches.spare();
        System.exit(run(arguments, Terminal.ofProcess(), ProcessSignals::handled));
    }

    /** Does what the words say; returns how the process is to end. */
    static int run(String[] words, Terminal terminal, Supplier<StopSignal> signals) {
        return PlainRun.of(words, terminal.environment()).map(plain -> plain.execute(terminal, signals))
                .orElseGet(() -> FairleadCommand.tree(terminal, signals, words).execute(words));
    }
}
