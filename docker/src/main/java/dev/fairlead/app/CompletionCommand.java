package dev.fairlead.app;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the completion script. */
@Command(name = "completion", header = "Print the completion script for bash and zsh.", description = {"",
        "For this shell: source <(fairlead completion)",
        "For those to come, save it as",
        "  ~/.local/share/bash-completion/completions/fairlead", ""})
final class CompletionCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        terminal.out().print(AutoComplete.bash("fairlead", root));
        return ExitCode.OK;
    }
}
