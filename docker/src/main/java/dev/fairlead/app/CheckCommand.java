package dev.fairlead.app;

import dev.fairlead.app.SnapshotLoader.Load;
import dev.fairlead.balance.Balancers;
import dev.fairlead.model.ServiceSnapshot;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Validates input without opening a socket. */
@Command(name = "check", header = "Say whether files would be accepted, and what is wrong with them.", //
        customSynopsis = "fairlead check -f FILE... [OPTIONS]")
final class CheckCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private FileOptions input = new FileOptions();

    @Option(names = "--strict", order = 30, description = "Notes count as problems.")
    private boolean strict;

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        SnapshotLoader loader = new SnapshotLoader(Balancers.installed(), settings -> settings);
        return switch (loader.load(input.required(terminal))) {
            case Load.Wrong(List<String> problems) -> {
                Report.problems(terminal, problems);
                yield ExitCode.BAD_INPUT;
            }
            case Load.Loaded(_, ServiceSnapshot snapshot) -> accepted(snapshot);
        };
    }

    private int accepted(ServiceSnapshot snapshot) {
        Report.notes(terminal, snapshot.notes());
        if (strict && !snapshot.notes().isEmpty()) {
            terminal.err()
                    .println(Report.counted(snapshot.notes().size(), "note") + ", which --strict does not accept");
            return ExitCode.BAD_INPUT;
        }
        terminal.out().println("ok: " + Report.size(snapshot));
        return ExitCode.OK;
    }
}
