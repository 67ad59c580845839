package dev.fairlead.app;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code fairlead} alone does: show the shortest commands that work. */
@Command(name = "fairlead", header = "A TCP and UDP service proxy that does kube-proxy's job and can say why.", //
        synopsisSubcommandLabel = "COMMAND", commandListHeading = "%nCommands:%n", //
        footer = {"", "Every option may sit in the environment: --data-path as FAIRLEAD_DATA_PATH.",
                "Exit codes: 0 done, 1 bad input or not possible here, 2 wrong command line."})
final class FairleadCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--health", order = 1, description = "Ask the running one: exit code 0 if it is alive.")
    private boolean health;

    @Mixin
    private AdminOption admin = new AdminOption();

    FairleadCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * The whole command line, ready to be executed.
     *
     * @param signals asked once, by a command that runs until it is told to stop
     */
    static CommandLine tree(Terminal terminal, Supplier<StopSignal> signals) {
        CommandLine root = new CommandLine(new FairleadCommand(terminal));
        root.addSubcommand("demo", new DemoCommand(terminal, signals))
                .addSubcommand("run", new RunCommand(terminal, signals))
                .addSubcommand("check", new CheckCommand(terminal))
                .addSubcommand("explain", new ExplainCommand(terminal))
                .addSubcommand("get", new GetCommand(terminal, signals))
                .addSubcommand("describe", new DescribeCommand(terminal))
                .addSubcommand("top", new TopCommand(terminal, signals))
                .addSubcommand("drain", new DrainCommand(terminal))
                .addSubcommand("upgrade", new UpgradeCommand(terminal))
                .addSubcommand("doctor", new DoctorCommand(terminal))
                .addSubcommand("cleanup", new CleanupCommand(terminal))
                .addSubcommand("version", new VersionCommand(terminal))
                .addSubcommand("completion", new CompletionCommand(terminal));
        root.getSubcommands().values().forEach(FairleadCommand::explained);
        explained(root);
        root.setOut(writer(terminal.out())).setErr(writer(terminal.err()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours())).setUsageHelpWidth(80)
                .setDefaultValueProvider(new EnvironmentDefaults(terminal.environment()))
                .setParameterExceptionHandler(new Mistakes(terminal));
        return root;
    }

    /** Every command explains itself, and in the same words. */
    private static void explained(CommandLine command) {
        command.getCommandSpec().addOption(CommandLine.Model.OptionSpec.builder("-h", "--help").usageHelp(true)
                .order(99).description("Show this and exit.").build());
        command.getCommandSpec().usageMessage().abbreviateSynopsis(true).sortOptions(false);
        List<String> variables = command.getCommandSpec().options().stream().filter(option -> !option.usageHelp())
                .map(EnvironmentDefaults::variable).toList();
        // That of fairlead itself says it for all commands.
        if (!variables.isEmpty() && command.getParent() != null) {
            command.getCommandSpec().usageMessage().footer("",
                    "The same in the environment: " + String.join(", ", variables));
        }
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    @Override
    public Integer call() {
        if (health) {
            return Health.ask(terminal, admin);
        }
        terminal.out().print("""
                Fairlead takes TCP connections and UDP datagrams at a service's address and
                spreads them over its endpoints. The three shortest ways to see it:

                  fairlead demo
                  fairlead run --listen 127.0.0.1:8080 --to 127.0.0.1:9001,127.0.0.1:9002
                  fairlead run -f config/examples/laptop.yaml

                All commands: fairlead --help
                """);
        return ExitCode.OK;
    }
}
