package dev.fairlead.app;

import java.util.Optional;
import picocli.CommandLine.Option;

/** Whose view is taken; shared by the commands that ask. */
final class NodeOption {
    @Option(names = "--node", paramLabel = "NAME", order = 20, description = "This node: says which endpoints are local.")
    private Optional<String> name = Optional.empty();

    Optional<String> name() {
        return name;
    }
}
