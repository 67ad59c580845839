package dev.fairlead.app;

import dev.fairlead.ProxyServer;
import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.control.ControlView;
import dev.fairlead.source.DurationText;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/** A proxy from its first door to its last connection: what {@code run} and {@code demo} share. */
final class RunningProxy {
    private static final Duration FIRST_SYNC = Duration.ofSeconds(30);

    private final Terminal terminal;
    private final ProxyConfig settings;
    private final ProxyServer server;
    private final CountDownLatch told = new CountDownLatch(1);

    private RunningProxy(Terminal terminal, ProxyConfig settings, ProxyServer server) {
        this.terminal = terminal;
        this.settings = settings;
        this.server = server;
    }

    /**
     * Starts, and tells each step as it is done. Signals are heard from here on.
     *
     * @throws SetupFailure when a setting cannot be carried out on this machine
     */
    static RunningProxy start(Terminal terminal, ProxyConfig settings, Balancers balancers, Inputs inputs,
            SnapshotLoader loader, StartupLines lines) throws SetupFailure, InterruptedException {
        RunningProxy proxy = new RunningProxy(terminal, settings, Wiring.proxy(settings, balancers, terminal.out()));
        proxy.listenForSignals();
        proxy.server.adminAddress().ifPresent(address -> lines.step("admin", "http://" + address));
        proxy.server.start(Wiring.source(inputs, loader));
        proxy.server.awaitFirstSync(FIRST_SYNC);
        ControlView view = proxy.server.view();
        lines.step("listeners", Report.counted(view.doors().size(), "door") + " open" + (view.failed().isEmpty()
                ? ""
                : ", " + view.failed().size() + " not (see above; they are tried again every second)"));
        lines.ready();
        return proxy;
    }

    ProxyServer server() {
        return server;
    }

    /** Asks it to stop, as SIGTERM does. Any thread. */
    void stop() {
        told.countDown();
    }

    /** Waits until it is told to stop, then stops gently; returns the exit code. */
    int awaitEnd() throws InterruptedException {
        told.await();
        ProxyConfig.Drain drain = settings.drain();
        terminal.say("stopping: not ready"
                + (drain.grace().isZero() ? "" : ", doors close in " + DurationText.format(drain.grace()))
                + ", connections have " + DurationText.format(drain.deadline()) + " (a second signal ends at once)");
        int reset = server.drain(drain.grace(), drain.deadline());
        server.close();
        terminal.say(reset == 0
                ? "stopped"
                : "stopped; " + Report.counted(reset, "connection") + " outlived the deadline and "
                        + (reset == 1 ? "was" : "were") + " reset");
        return ExitCode.OK;
    }

    /** A handler, not a shutdown hook: the JVM would exit 143 after a hook. */
    private void listenForSignals() {
        for (String name : new String[]{"TERM", "INT"}) {
            Signal.handle(new Signal(name), signal -> {
                if (told.getCount() == 0) {
                    Runtime.getRuntime().halt(128 + signal.getNumber());
                }
                told.countDown();
            });
        }
    }
}
