package dev.fairlead.app;

import dev.fairlead.ProxyServer;
import dev.fairlead.app.Overrides.Judged;
import dev.fairlead.app.SnapshotLoader.Load;
import dev.fairlead.app.privilege.StartPrivileges;
import dev.fairlead.app.takeover.TakeOver;
import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.control.ControlView;
import dev.fairlead.listen.MachineAddresses;
import dev.fairlead.source.DurationText;
import dev.fairlead.source.LocalAddresses;
import dev.fairlead.transport.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From inputs to a running proxy and to its end: what {@code run} and {@code demo} both do. */
final class ProxyRun {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyRun.class);
    private static final Duration GLANCE = Duration.ofMillis(250);
    private static final int GLANCES_BEFORE_A_WORD = 40;

    /** What goes on while it runs. */
    @FunctionalInterface
    interface Meanwhile {
        /** Returns after the word to stop. */
        void running(ProxyServer server, StopSignal stop) throws InterruptedException;
    }

    private final Terminal terminal;
    private final Balancers balancers;
    private final StopSignal stop;
    private final StepClock clock = new StepClock(Ticker.SYSTEM);
    private Optional<TakeOver> takeOver = Optional.empty();

    ProxyRun(Terminal terminal, Balancers balancers, StopSignal stop) {
        this.terminal = terminal;
        this.balancers = balancers;
        this.stop = stop;
    }

    /** Takes over from kube-proxy's rules when it serves. */
    ProxyRun takingOver() {
        takeOver = Optional.of(new TakeOver(Ticker.SYSTEM));
        return this;
    }

    /** Runs as the command line says over the files, until the word to stop; returns how the process is to end. */
    int run(Inputs inputs, Overrides overrides) throws InterruptedException {
        return switch (overrides.judge(balancers)) {
            case Judged.Wrong(List<String> problems) -> {
                Report.problems(terminal, problems);
                yield ExitCode.BAD_INPUT;
            }
            case Judged.Fine(var over) -> run(inputs, over, (server, word) -> word.await());
        };
    }

    /** Runs until the word to stop; returns how the process is to end. */
    int run(Inputs inputs, UnaryOperator<ProxyConfig> overrides, Meanwhile meanwhile) throws InterruptedException {
        DataPaths.prepare();
        Optional<MachineAddresses> machine = ServiceAddresses.machine();
        try {
            return run(inputs, overrides, machine, meanwhile);
        } finally {
            machine.ifPresent(MachineAddresses::close);
        }
    }

    private int run(Inputs inputs, UnaryOperator<ProxyConfig> overrides, Optional<MachineAddresses> machine,
            Meanwhile meanwhile) throws InterruptedException {
        LocalAddresses interfaces = machine.<LocalAddresses>map(one -> one).orElse(LocalAddresses.UNKNOWN);
        SnapshotLoader loader = new SnapshotLoader(balancers, settings -> OwnName.known(overrides.apply(settings)),
                interfaces);
        return switch (loader.load(inputs)) {
            case Load.Wrong(List<String> problems) -> {
                Report.problems(terminal, problems);
                yield ExitCode.BAD_INPUT;
            }
            case Load.Loaded loaded -> {
                Logs.write(loaded.settings().logging(), terminal.out());
                balancers.faults().forEach(fault -> LOG.warn("{}", fault));
                LOG.info("config     {} ({} ms)", Report.size(loaded.snapshot()), clock.step());
                loaded.snapshot().notes().forEach(note -> LOG.info("note: {}", note));
                StartPrivileges privileges = StartPrivileges.settle(terminal.privileges(), loaded.settings(),
                        loaded.snapshot(), Wiring.files(inputs, loaded.settings()));
                yield started(inputs, new Following(loader, loaded, privileges), loaded.settings(), machine, meanwhile);
            }
        };
    }

    private int started(Inputs inputs, Following following, ProxyConfig settings,
            Optional<MachineAddresses> machine, Meanwhile meanwhile) throws InterruptedException {
        Optional<String> refusal = takeOver.flatMap(TakeOver::refusal);
        if (refusal.isPresent()) {
            terminal.say(refusal.get());
            return ExitCode.BAD_INPUT;
        }
        LocalAddresses interfaces = machine.<LocalAddresses>map(one -> one).orElse(LocalAddresses.UNKNOWN);
        ServiceTroubles troubles = new ServiceTroubles(new ControlLog());
        try (Handover handover = Handover.begin(settings.handover());
                OwnAbout own = new OwnAbout(terminal);
                ProxyServer server = Wiring.server(settings, following::settings, balancers, machine,
                        terminal.out(), handover.inheritance(), troubles, own.about())) {
            Wiring.events(settings, server.apiCalls()).ifPresent(events -> troubles.tellTo(events::tell));
            LOG.info("admin      {} ({} ms)", server.adminAddress().map(address -> "http://" + address).orElse("off"),
                    clock.step());
            server.healthzAddress().ifPresent(address -> LOG.info("healthz    http://{}", address));
            server.metricsAddress().ifPresent(address -> LOG.info("metrics    http://{}", address));
            server.start(Wiring.source(inputs, following, settings, balancers, interfaces, server));
            if (!synced(server)) {
                LOG.info("stopped    on {}, before anybody had said which services there are: nothing was served",
                        stop.await());
                return ExitCode.OK;
            }
            ControlView view = server.view();
            settings.kubernetes().ifPresent(_ -> StartWarnings.of(settings.services(), view.snapshot().node())
                    .forEach(LOG::warn));
            LOG.info("listeners  {} open{} ({} ms)", view.doors().size(),
                    view.failed().isEmpty() ? "" : ", " + view.failed().size() + " not", clock.step());
            if (view.doors().isEmpty() && !view.failed().isEmpty() && handover.inheritance().isEmpty()) {
                terminal.say("none of the addresses could be opened, so there is nothing to run for, and nothing is"
                        + " tried again");
                return ExitCode.BAD_INPUT;
            }
            handover.serving(server, stop);
            if (takeOver.isPresent()) {
                takeOver.get().perform(() -> shut(server), stop::await);
            }
            LOG.info("ready      in {} ms", clock.total());
            meanwhile.running(server, stop);
            drain(server, handover.inForce(following.settings().drain()));
            return ExitCode.OK;
        } catch (Wiring.Unavailable unavailable) {
            terminal.say(String.valueOf(unavailable.getMessage()));
            return ExitCode.BAD_INPUT;
        } finally {
            takeOver.ifPresent(TakeOver::close);
        }
    }

    /** What is asked for and not served. */
    private static List<String> shut(ProxyServer server) {
        ControlView view = server.view();
        if (!view.firstSyncDone()) {
            return List.of("any Service: nobody has said yet which there are");
        }
        return Stream.concat(view.defect().stream(),
                view.failed().stream().map(failed -> failed.step().what() + ": " + failed.message())).toList();
    }

    /** A file is read at once; a cluster may take its time, and where the word to stop comes first it is false. */
    private boolean synced(ProxyServer server) throws InterruptedException {
        for (int glances = 1; !server.awaitFirstSync(GLANCE); glances++) {
            if (stop.await(Duration.ZERO)) {
                return false;
            }
            if (glances == GLANCES_BEFORE_A_WORD) {
                LOG.warn("waiting    nobody has said yet which services there are; the faults above say why");
            }
        }
        return true;
    }

    private void drain(ProxyServer server, ProxyConfig.Drain drain) throws InterruptedException {
        LOG.info("stopping   on {}: not ready from now on, doors close after {}, then up to {} for {}", stop.await(),
                DurationText.format(drain.grace()), DurationText.format(drain.deadline()),
                Report.counted(server.sessions(), "connection"));
        int reset = server.drain(drain.grace(), drain.deadline());
        LOG.info("stopped    {} reset", Report.counted(reset, "connection"));
    }
}
