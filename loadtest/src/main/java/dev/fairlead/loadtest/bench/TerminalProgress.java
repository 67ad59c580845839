package dev.fairlead.loadtest.bench;

import dev.fairlead.loadtest.bench.scenario.Progress;
import java.io.PrintStream;
import java.util.Locale;

/** Progress on standard error: one line that is written over on a terminal, else one line per scenario. */
final class TerminalProgress implements Progress {
    private static final String CLEAR = "\r\u001b[K";
    private static final double SECONDS_PER_MINUTE = 60;

    private final PrintStream err;
    private final boolean terminal;
    private final long begun = System.nanoTime();
    private double secondsInAll;
    private String scenario = "";

    TerminalProgress(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** How long it will take from now on, about. */
    void expect(double seconds) {
        secondsInAll = seconds;
    }

    @Override
    public void begin(String name, double seconds) {
        scenario = name;
        if (!terminal) {
            err.printf(Locale.ROOT, "%s: about %.0f s%n", name, seconds);
        }
    }

    @Override
    public void step(String what) {
        if (terminal) {
            double minutes = (System.nanoTime() - begun) / 1e9 / SECONDS_PER_MINUTE;
            err.printf(Locale.ROOT, "%s  %.1f of about %.1f min  %s: %s", CLEAR, minutes,
                    secondsInAll / SECONDS_PER_MINUTE, scenario, what);
            err.flush();
        }
    }

    @Override
    public void note(String text) {
        clear();
        err.println(text);
    }

    void clear() {
        if (terminal) {
            err.print(CLEAR);
            err.flush();
        }
    }
}
