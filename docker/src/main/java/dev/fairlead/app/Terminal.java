package dev.fairlead.app;

import dev.fairlead.app.privilege.ProcessPrivileges;
import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/**
 * What a command talks to: the process's streams and environment, or a test's.
 *
 * @param in standard input, read once where {@code -f -} asks for it
 * @param out results alone
 * @param err everything said beside them
 * @param environment defaults of options
 * @param audience who reads {@code out}
 * @param privileges of the process, which a run gives up as far as it does not need them
 */
record Terminal(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Audience audience,
        ProcessPrivileges privileges) {
    /** Who reads. */
    enum Audience {
        /** A person: lines may be rewritten. */
        PERSON,
        /** A file or another program. */
        PROGRAM
    }

    Terminal {
        environment = Map.copyOf(environment);
    }

    /** This process's own. */
    static Terminal ofProcess() {
        boolean person = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        return new Terminal(System.in, utf8(System.out), utf8(System.err), System.getenv(),
                person ? Audience.PERSON : Audience.PROGRAM, ProcessPrivileges.OWN);
    }

    /** Colours for a person who does not refuse them by {@code NO_COLOR} (no-color.org). */
    Ansi colours() {
        boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return switch (audience) {
            case PERSON -> refused ? Ansi.OFF : Ansi.ON;
            case PROGRAM -> Ansi.OFF;
        };
    }

    /** One line of what is said beside the result. */
    void say(String line) {
        err.println("fairlead: " + line);
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }
}
