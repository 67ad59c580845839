package dev.fairlead.app;

import dev.fairlead.model.IpPort;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a running process answers questions, for the commands that ask one. */
final class AdminOption {
    private static final String DEFAULT = "127.0.0.1:10349";

    @Option(names = "--admin", paramLabel = "IP:PORT", order = 42, description = "The running one's admin address ("
            + DEFAULT + ").")
    private Optional<String> admin = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** What was said, or where it answers if nobody says otherwise. */
    IpPort address() {
        String where = admin.orElse(DEFAULT);
        return IpPort.parse(where).orElseThrow(() -> new ParameterException(command.commandLine(),
                "--admin: \"" + where + "\" is no address and port (expected: such as " + DEFAULT + ")"));
    }
}
