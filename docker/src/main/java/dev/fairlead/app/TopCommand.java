package dev.fairlead.app;

import dev.fairlead.app.ask.Asking;
import dev.fairlead.app.ask.Screen;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The busiest services of a running process, over the whole terminal. */
@Command(name = "top", header = "Show the busiest services of the running one, each second.", //
        customSynopsis = "fairlead top [OPTIONS]", //
        description = {"", "Keys: o open, a accepted, f failed, b bytes, n name, s state, q quit.", ""})
final class TopCommand implements Callable<Integer> {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long GLANCE_MILLIS = 200;
    private static final int NOTHING_TYPED = -2;
    private static final int CTRL_C = 3;

    private final Terminal terminal;
    private final Supplier<StopSignal> signals;

    @Mixin
    private AdminOption admin = new AdminOption();

    TopCommand(Terminal terminal, Supplier<StopSignal> signals) {
        this.terminal = terminal;
        this.signals = signals;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        StopSignal stop = signals.get();
        Screen screen = new Screen(path -> admin.json(terminal, path),
                terminal.colours().enabled());
        if (screen.refresh() instanceof Asking.Answer.Nobody nobody) {
            return Report.said(terminal, nobody);
        }
        try (org.jline.terminal.Terminal full = TerminalBuilder.builder().system(true).dumb(true).build()) {
            if (full.getType().startsWith("dumb")) {
                terminal.say("this is no terminal (expected: one; \"fairlead get services -w\" suits a pipe)");
                return ExitCode.BAD_INPUT;
            }
            watch(full, screen, stop);
        }
        return ExitCode.OK;
    }

    private static void watch(org.jline.terminal.Terminal full, Screen screen, StopSignal stop)
            throws IOException, InterruptedException {
        full.enterRawMode();
        // A key like others: its signal would end the process before the terminal is as it was.
        Attributes keys = full.getAttributes();
        keys.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        full.setAttributes(keys);
        full.puts(Capability.enter_ca_mode);
        full.puts(Capability.cursor_invisible);
        try {
            long due = Ticker.SYSTEM.nanos();
            int typed = NOTHING_TYPED;
            while (typed != 'q' && typed != CTRL_C && typed != -1 && !stop.await(Duration.ZERO)) {
                screen.typed(typed);
                if (Ticker.SYSTEM.nanos() - due >= 0 || typed >= 0) {
                    screen.refresh();
                    due = Ticker.SYSTEM.nanos() + SECOND.toNanos();
                    full.puts(Capability.cursor_home);
                    full.writer().print(screen.text(Math.max(1, full.getHeight()), Math.max(1, full.getWidth())));
                    full.puts(Capability.clr_eos);
                    full.flush();
                }
                typed = full.reader().read(GLANCE_MILLIS);
            }
        } finally {
            full.puts(Capability.cursor_visible);
            full.puts(Capability.exit_ca_mode);
            full.flush();
        }
    }
}
