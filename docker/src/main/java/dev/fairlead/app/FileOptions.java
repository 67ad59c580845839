package dev.fairlead.app;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where objects and settings come from; shared by the commands that read them. */
final class FileOptions {
    @Option(names = {"-f", "--file"}, paramLabel = "FILE", order = 1, //
            description = "YAML or JSON: file, directory or -; may be repeated.")
    private List<String> files = List.of();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    List<String> files() {
        return Commas.split(files);
    }

    /** What is named, of which there must be something. */
    Inputs required(Terminal terminal) {
        if (files().isEmpty()) {
            throw new ParameterException(command.commandLine(),
                    "no input (expected: -f FILE, -f DIRECTORY, or -f - for standard input)");
        }
        return Inputs.named(files(), terminal.in());
    }
}
