package dev.fairlead.app;

import dev.fairlead.transport.Ticker;

/** One line per step of a start, with what it took. */
final class StartupLines {
    private final Terminal terminal;
    private final Ticker ticker;
    private final long begun;
    private long last;

    StartupLines(Terminal terminal, Ticker ticker) {
        this.terminal = terminal;
        this.ticker = ticker;
        this.begun = ticker.nanos();
        this.last = begun;
    }

    void step(String what, String outcome) {
        long now = ticker.nanos();
        terminal.say(what + ": " + outcome + " (" + (now - last) / 1_000_000 + " ms)");
        last = now;
    }

    void ready() {
        terminal.say("ready (" + (ticker.nanos() - begun) / 1_000_000 + " ms)");
    }
}
