package dev.fairlead.app;

import dev.fairlead.model.IpPort;

/** Whether the process that runs here is alive, as a container's health check asks. */
final class Health {
    private Health() {
    }

    /** Asks, and says on the terminal what came of it; {@link ExitCode#OK} where it is alive. */
    static int ask(Terminal terminal, IpPort admin) {
        return switch (AdminQuestion.ask(admin, "/livez")) {
            case AdminQuestion.Answer.Said(boolean alive, String text) -> {
                terminal.out().println(text);
                yield alive ? ExitCode.OK : ExitCode.BAD_INPUT;
            }
            case AdminQuestion.Answer.Nobody(String why) -> {
                terminal.say(why);
                yield ExitCode.BAD_INPUT;
            }
        };
    }
}
