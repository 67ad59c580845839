package dev.fairlead.app;

import dev.fairlead.app.Terminal.Audience;
import dev.fairlead.app.privilege.ProcessPrivileges;
import dev.fairlead.transport.Ticker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;

/** The command line on a terminal of the test's own. */
final class Cli {
    /** How a command ended and what it said. */
    record Outcome(int status, String out, String err) {
    }

    final StopSignal stop = new StopSignal(Ticker.SYSTEM);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new TreeMap<>();
    private byte[] in = {};
    private Audience audience = Audience.PROGRAM;

    Cli in(String text) {
        return in(text.getBytes(StandardCharsets.UTF_8));
    }

    Cli in(byte[] bytes) {
        in = bytes.clone();
        return this;
    }

    Cli environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Cli person() {
        audience = Audience.PERSON;
        return this;
    }

    Terminal terminal() {
        return new Terminal(new ByteArrayInputStream(in), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), environment, audience, ProcessPrivileges.LENT);
    }

    CommandLine tree() {
        return FairleadCommand.tree(terminal(), () -> stop);
    }

    Outcome execute(String... arguments) {
        return said(FairleadCommand.tree(terminal(), () -> stop, arguments).execute(arguments));
    }

    /** What was said so far, by something that ended like that. */
    Outcome said(int status) {
        return new Outcome(status, out(), err.toString(StandardCharsets.UTF_8));
    }

    /** What was said so far. */
    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
