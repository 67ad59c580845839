package dev.fairlead.app;

import dev.fairlead.listen.Cleanup;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Removes what a run that was killed, or told to keep it, has left on the machine. */
@Command(name = "cleanup", header = "Remove from this machine all that Fairlead ever added to it.", //
        description = "Routes, nftables and kernel settings; needs no configuration.")
final class CleanupCommand implements Callable<Integer> {
    private final Terminal terminal;

    CleanupCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        try {
            List<String> done = Cleanup.run();
            done.forEach(terminal.out()::println);
            if (done.isEmpty()) {
                terminal.out().println("nothing of Fairlead's is left here");
            }
            return ExitCode.OK;
        } catch (IOException | UnsupportedOperationException failure) {
            terminal.say("cannot clean up: " + failure.getMessage());
            return ExitCode.BAD_INPUT;
        }
    }
}
