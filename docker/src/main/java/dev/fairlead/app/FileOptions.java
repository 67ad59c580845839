package dev.fairlead.app;

import java.util.List;
import picocli.CommandLine.Option;

/** Where objects and settings come from; shared by the commands that read them. */
final class FileOptions {
    @Option(names = {"-f", "--file"}, paramLabel = "FILE", split = ",", order = 1, description = {
            "A file or a directory of *.yaml, *.yml and *.json files,",
            "or - for standard input; may be repeated."})
    private List<String> files = List.of();

    List<String> files() {
        return List.copyOf(files);
    }
}
