package dev.fairlead.app;

import dev.fairlead.app.ask.Asking;

/** Whether the process that runs here is alive, as a container's health check asks. */
final class Health {
    private Health() {
    }

    /** Asks, and says on the terminal what came of it; {@link ExitCode#OK} where it is alive. */
    static int ask(Terminal terminal, AdminOption admin) {
        return Report.said(terminal, admin.ask(terminal, place -> Asking.get(place, "/livez", "text/plain")));
    }
}
