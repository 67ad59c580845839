package dev.fairlead.app;

import dev.fairlead.app.Overrides.Judged;
import dev.fairlead.app.SnapshotLoader.Load;
import dev.fairlead.balance.Balancers;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.transport.Ticker;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Serves what files say, or what one line says. */
@Command(name = "run", header = "Serve: listen at the services' addresses and relay.")
final class RunCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private FileOptions input = new FileOptions();

    @Option(names = "--listen", paramLabel = "ADDR", split = ",", order = 2, description = "Without files: where to listen, as ip:port.")
    private List<String> listen = List.of();

    @Option(names = "--to", paramLabel = "ADDR", split = ",", order = 3, description = "Without files: the endpoints behind it, as ip:port.")
    private List<String> to = List.of();

    @Option(names = "--balancer", paramLabel = "NAME", order = 10, description = "random, round-robin, least-conn or one of your own.")
    private Optional<String> balancer = Optional.empty();

    @Option(names = "--admin", paramLabel = "ADDR", order = 11, description = "Health, metrics and questions; off = nowhere.")
    private Optional<String> admin = Optional.empty();

    @Mixin
    private NodeOption node = new NodeOption();

    @Option(names = "--data-path", paramLabel = "KIND", order = 21, description = "auto, epoll or nio.")
    private Optional<String> dataPath = Optional.empty();

    @Option(names = "--log-level", paramLabel = "LEVEL", order = 22, description = "error, warn, info, debug or trace.")
    private Optional<String> logLevel = Optional.empty();

    @Option(names = "--log-format", paramLabel = "FORM", order = 23, description = "text or json.")
    private Optional<String> logFormat = Optional.empty();

    @Spec
    private CommandSpec command = CommandSpec.create();

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        StartupLines lines = new StartupLines(terminal, Ticker.SYSTEM);
        Inputs inputs = inputs();
        Balancers balancers = Balancers.installed();
        Overrides overrides = new Overrides().with(Setting.BALANCER, balancer).with(Setting.ADMIN, admin)
                .with(Setting.NODE, node.name()).with(Setting.DATA_PATH, dataPath).with(Setting.LOG_LEVEL, logLevel)
                .with(Setting.LOG_FORMAT, logFormat);
        return switch (overrides.judge(balancers)) {
            case Judged.Wrong(List<String> problems) -> rejected(problems);
            case Judged.Fine(var over) -> {
                SnapshotLoader loader = new SnapshotLoader(balancers, over);
                yield switch (loader.load(inputs)) {
                    case Load.Wrong(List<String> problems) -> rejected(problems);
                    case Load.Loaded(ProxyConfig settings, _, ServiceSnapshot snapshot) -> {
                        Report.notes(terminal, snapshot.notes());
                        lines.step("configuration", Report.size(snapshot));
                        yield serve(settings, balancers, inputs, loader, lines);
                    }
                };
            }
        };
    }

    private int serve(ProxyConfig settings, Balancers balancers, Inputs inputs, SnapshotLoader loader,
            StartupLines lines) throws InterruptedException {
        try {
            return RunningProxy.start(terminal, settings, balancers, inputs, loader, lines).awaitEnd();
        } catch (SetupFailure failure) {
            terminal.say(String.valueOf(failure.getMessage()));
            return ExitCode.BAD_INPUT;
        }
    }

    private Inputs inputs() {
        if (listen.isEmpty() && to.isEmpty()) {
            return input.required(terminal);
        }
        if (!input.files().isEmpty()) {
            throw new ParameterException(command.commandLine(), "-f and --listen/--to exclude each other");
        }
        if (listen.isEmpty() || to.isEmpty()) {
            throw new ParameterException(command.commandLine(), "--listen and --to belong together");
        }
        return Inputs.written(new ConfigurationText().service("default", listen, to).text());
    }

    private int rejected(List<String> problems) {
        Report.problems(terminal, problems);
        return ExitCode.BAD_INPUT;
    }
}
