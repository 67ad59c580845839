package dev.fairlead.app;

import dev.fairlead.app.ask.Asking;
import dev.fairlead.app.ask.OwnSocket;
import dev.fairlead.app.ask.Place;
import dev.fairlead.model.IpPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a running process answers questions, for the commands that ask one. */
final class AdminOption {
    private static final String DEFAULT = "127.0.0.1:10349";

    @Option(names = "--admin", paramLabel = "IP:PORT", order = 42, description = {
            "The running one's admin address, if not its own", "socket or " + DEFAULT + "."})
    private Optional<String> admin = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /**
     * Asks the one that was named; if none was, the one that runs as this user, and else whoever is at the usual
     * address.
     */
    Asking.Answer ask(Terminal terminal, Function<Place, Asking.Answer> question) {
        if (admin.isPresent()) {
            return question.apply(new Place.Admin(address(admin.get())));
        }
        List<Path> own = OwnSocket.running(terminal.environment());
        if (own.size() > 1) {
            return new Asking.Answer.Nobody(
                    own.size() + " Fairleads run here (expected: which one, by --admin IP:PORT): "
                            + own.stream().map(Path::toString).collect(Collectors.joining(", ")));
        }
        if (own.size() == 1 && question.apply(new Place.Own(own.getFirst())) instanceof Asking.Answer.Said said) {
            return said;
        }
        return question.apply(new Place.Admin(address(DEFAULT)));
    }

    /** Asks for JSON, as {@link #ask}. */
    Asking.Answer json(Terminal terminal, String path) {
        return ask(terminal, place -> Asking.get(place, path, "application/json"));
    }

    private IpPort address(String where) {
        return IpPort.parse(where).orElseThrow(() -> new ParameterException(command.commandLine(),
                "--admin: \"" + where + "\" is no address and port (expected: such as " + DEFAULT + ")"));
    }
}
