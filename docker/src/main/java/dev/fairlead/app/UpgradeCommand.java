package dev.fairlead.app;

import dev.fairlead.listen.Predecessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Has the running process start its successor. */
@Command(name = "upgrade", header = "Have the running process start its successor and hand over to it.", //
        description = {"The new process has the same command line, and runs what lies there now.",
                "No client is refused or cut off; the old one ends with its connections.",
                "SIGHUP to the running process does the same."})
final class UpgradeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--handover", paramLabel = "SOCKET", order = 1, description = "The running process's `handover`.")
    private Optional<Path> handover = Optional.empty();

    UpgradeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (handover.isEmpty()) {
            terminal.say("--handover is missing (expected: the path that the running process has as its `handover`,"
                    + " such as /run/fairlead/handover.sock; one that has none cannot hand over)");
            return ExitCode.USAGE;
        }
        Path socket = handover.get().toAbsolutePath();
        try {
            Optional<String> successor = Predecessor.upgrade(socket);
            if (successor.isEmpty()) {
                terminal.say(socket + ": nobody runs there (expected: the `handover` of a running Fairlead)");
                return ExitCode.BAD_INPUT;
            }
            terminal.out().println("process " + successor.get()
                    + " starts and takes over from the one that runs; their logs say how it goes on");
            return ExitCode.OK;
        } catch (IOException | UnsupportedOperationException refused) {
            terminal.say("cannot upgrade: " + refused.getMessage());
            return ExitCode.BAD_INPUT;
        }
    }
}
