package dev.fairlead.app;

import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ConfigReader;
import dev.fairlead.config.ConfigReading;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the proxy until it is told to stop. */
@Command(name = "run", header = "Run the proxy until SIGTERM or Ctrl-C, following its files.", //
        customSynopsis = {"fairlead run -f FILE... [OPTIONS]",
                "       fairlead run --kubernetes [-f FILE...] [OPTIONS]",
                "       fairlead run --listen IP:PORT --to IP:PORT,... [OPTIONS]"})
final class RunCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final Supplier<StopSignal> signals;

    @Mixin
    private FileOptions input = new FileOptions();

    @Option(names = "--listen", paramLabel = "IP:PORT", order = 10, description = "Instead of files: take connections here ...")
    private List<String> listen = List.of();

    @Option(names = "--to", paramLabel = "IP:PORT", order = 11, description = "... and spread them over these.")
    private List<String> endpoints = List.of();

    @Option(names = "--kubernetes", order = 12, description = "Follow the cluster of this pod, or kubectl's.")
    private boolean kubernetes;

    @Option(names = "--kubeconfig", paramLabel = "FILE", order = 13, description = "Follow the cluster that this file names.")
    private Optional<String> kubeconfig = Optional.empty();

    @Mixin
    private NodeOption node = new NodeOption();

    @Option(names = "--balancer", paramLabel = "NAME", order = 21, description = "random, round-robin, least-conn, source-hash, yours.")
    private Optional<String> balancer = Optional.empty();

    @Option(names = "--admin", paramLabel = "IP:PORT", order = 22, description = "Where to serve health, metrics and status, or off.")
    private Optional<String> admin = Optional.empty();

    @Option(names = "--data-path", paramLabel = "NAME", order = 23, description = "auto, io_uring, epoll, channel or nio.")
    private Optional<String> dataPath = Optional.empty();

    @Option(names = "--handover", paramLabel = "SOCKET", order = 26, description = "Take over from the process that runs there.")
    private Optional<String> handover = Optional.empty();

    @Option(names = "--log-level", paramLabel = "LEVEL", order = 24, description = "error, warn, info, debug or trace.")
    private Optional<String> logLevel = Optional.empty();

    @Option(names = "--log-format", paramLabel = "FORMAT", order = 25, description = "text or json.")
    private Optional<String> logFormat = Optional.empty();

    @Option(names = "--no-privileges", order = 27, description = "Use no privilege, and give all up at the start.")
    private boolean unprivileged;

    @Option(names = "--take-over", order = 28, description = "Take over from kube-proxy on this node.")
    private boolean takeOver;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    RunCommand(Terminal terminal, Supplier<StopSignal> signals) {
        this.terminal = terminal;
        this.signals = signals;
    }

    @Override
    public Integer call() throws InterruptedException {
        StopSignal stop = signals.get();
        Balancers balancers = Balancers.installed();
        Inputs inputs = inputs(balancers);
        Overrides overrides = new Overrides().with(Setting.NODE, node.name()).with(Setting.BALANCER, balancer)
                .with(Setting.ADMIN, admin).with(Setting.DATA_PATH, dataPath).with(Setting.LOG_LEVEL, logLevel)
                .with(Setting.LOG_FORMAT, logFormat).with(Setting.KUBECONFIG, kubeconfig)
                .with(Setting.HANDOVER, handover);
        if (kubernetes) {
            overrides.followingACluster();
        }
        if (unprivileged && takeOver) {
            throw new ParameterException(spec.commandLine(), "--take-over changes this node's rules, which"
                    + " --no-privileges never does (expected: one or the other)");
        }
        if (unprivileged) {
            overrides.unprivileged();
        }
        ProxyRun run = new ProxyRun(terminal, balancers, stop);
        return (takeOver ? run.takingOver() : run).run(inputs, overrides);
    }

    private Inputs inputs(Balancers balancers) {
        boolean files = said("--file");
        boolean oneLiner = said("--listen") || said("--to");
        if (files && oneLiner) {
            throw new ParameterException(spec.commandLine(),
                    "--listen and --to do without -f (expected: one or the other)");
        }
        // Where the command line says neither, the environment may say either.
        if (files || (!oneLiner && listen.isEmpty() && endpoints.isEmpty())) {
            boolean cluster = kubernetes || kubeconfig.isPresent();
            return cluster && input.files().isEmpty() ? Inputs.NONE : input.required(terminal);
        }
        if (listen.isEmpty() || endpoints.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--listen needs --to and --to needs --listen");
        }
        ConfigurationText text = new ConfigurationText().service("proxy", Commas.split(listen),
                Commas.split(endpoints));
        ConfigReading reading = new ConfigReader(balancers).read(List.of(text.text()));
        return new Inputs(List.of(), List.of(text.text()), reading.problems().stream().map(text::words).toList());
    }

    private boolean said(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }
}
