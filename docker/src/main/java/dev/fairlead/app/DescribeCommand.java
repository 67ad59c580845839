package dev.fairlead.app;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import dev.fairlead.app.ask.Asking;
import dev.fairlead.app.ask.Description;
import dev.fairlead.app.ask.Listing;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says all that a running process knows of one Service. */
@Command(name = "describe", header = "Say all that the running one knows of a Service.", //
        customSynopsis = "fairlead describe service NAMESPACE/NAME [OPTIONS]")
final class DescribeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "KIND", description = "service.")
    private String kind = "";

    @Parameters(index = "1", paramLabel = "NAMESPACE/NAME", description = "The Service.")
    private String name = "";

    @Mixin
    private AdminOption admin = new AdminOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    DescribeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (!kind.equals("service") || !name.matches("[^/]+/[^/]+")) {
            throw new ParameterException(spec.commandLine(),
                    "\"" + kind + " " + name + "\" cannot be described (expected: service NAMESPACE/NAME)");
        }
        Asking.Answer answer = admin.json(terminal, "/api/v1/services?service=" + Asking.encoded(name));
        if (!(answer instanceof Asking.Answer.Said said) || !said.fine()) {
            return Report.said(terminal, answer);
        }
        try {
            JsonNode services = Listing.JSON.readTree(said.text());
            if (services.path("services").isEmpty()) {
                terminal.say("there is no Service " + name + " (expected: one of \"fairlead get services\")");
                return ExitCode.BAD_INPUT;
            }
            JsonNode events = admin.json(terminal, "/api/v1/events?limit=1000") instanceof Asking.Answer.Said what
                    && what.fine()
                            ? Listing.JSON.readTree(what.text())
                            : Listing.JSON.createObjectNode();
            terminal.out().print(Description.of(services, events));
            return ExitCode.OK;
        } catch (JacksonException other) {
            terminal.say("what answers there is no Fairlead: " + other.getMessage());
            return ExitCode.BAD_INPUT;
        }
    }
}
