package dev.fairlead.app;

import dev.fairlead.telemetry.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says which build runs on what. */
@Command(name = "version", header = "Say which build this is, and what it runs on.")
final class VersionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--json", order = 1, description = "As one JSON object.")
    private boolean json;

    VersionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String number = Version.ofThisBuild().number();
        String java = Runtime.version().toString();
        String system = System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
        if (json) {
            StringBuilder text = new StringBuilder();
            new Json(text).beginObject().member("version", number).member("java", java).member("system", system)
                    .endObject();
            terminal.out().println(text);
        } else {
            terminal.out().println("fairlead " + number + " (Java " + java + ", " + system + ")");
        }
        return ExitCode.OK;
    }
}
