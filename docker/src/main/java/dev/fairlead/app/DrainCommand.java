package dev.fairlead.app;

import tools.jackson.core.JacksonException;
import dev.fairlead.app.ask.Asking;
import dev.fairlead.app.ask.Listing;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes something out of service in a running process, or puts it back. */
@Command(name = "drain", header = "Send nothing new to a Service or an endpoint, or undo that.", //
        customSynopsis = {"fairlead drain service NAMESPACE/NAME [OPTIONS]",
                "       fairlead drain endpoint NAMESPACE/NAME IP:PORT [OPTIONS]"}, //
        description = {"", "Connections that are there go on. It lasts until --undo or the end of the",
                "process; one that takes over by handover goes on with it.", ""})
final class DrainCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "KIND", description = "service or endpoint.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "NAMESPACE/NAME", description = "The Service.")
    private String service = "";

    @Parameters(index = "2", arity = "0..1", paramLabel = "IP:PORT", description = "The endpoint.")
    private Optional<String> endpoint = Optional.empty();

    @Option(names = "--undo", order = 1, description = "Send connections there again.")
    private boolean undo;

    @Option(names = "--token", paramLabel = "TOKEN", order = 43, description = {
            "Where the admin address is asked: what", "\"fairlead get token\" prints beside the running one."})
    private Optional<String> token = Optional.empty();

    @Mixin
    private AdminOption admin = new AdminOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    DrainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!List.of("service", "endpoint").contains(kind)) {
            throw new ParameterException(spec.commandLine(),
                    "\"" + kind + "\" cannot be drained (expected: service or endpoint)");
        }
        if (kind.equals("endpoint") != endpoint.isPresent()) {
            throw new ParameterException(spec.commandLine(), endpoint.isPresent()
                    ? "a Service is drained whole (expected: drain endpoint " + service + " " + endpoint.get() + ")"
                    : "which endpoint? (expected: drain endpoint NAMESPACE/NAME IP:PORT)");
        }
        String path = "/api/v1/" + (undo ? "undrain" : "drain") + "?service=" + Asking.encoded(service)
                + endpoint.map(address -> "&endpoint=" + Asking.encoded(address)).orElse("");
        Asking.Answer answer = admin.ask(terminal, place -> Asking.post(place, path, token));
        return Report.said(terminal, answer instanceof Asking.Answer.Said said && said.fine()
                ? new Asking.Answer.Said(said.status(), sentence(said.text()))
                : answer);
    }

    private static String sentence(String json) {
        try {
            return Listing.JSON.readTree(json).path("text").asString(json);
        } catch (JacksonException other) {
            return json;
        }
    }
}
