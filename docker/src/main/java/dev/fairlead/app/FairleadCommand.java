package dev.fairlead.app;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    // It prints the others.
    private static final String COMPLETION = "completion";
    private static final String HEALTH = "--health";

    private final Terminal terminal;

    @Option(names = HEALTH, order = 1, description = "Ask the running one: exit code 0 if it is alive.")
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
        return tree(terminal, commands(terminal, signals));
    }

    /** As much of it as the words need: the library reads the annotations of each command by reflection. */
    static CommandLine tree(Terminal terminal, Supplier<StopSignal> signals, String... words) {
        Map<String, Supplier<Object>> all = commands(terminal, signals);
        String first = words.length == 0 ? "" : words[0];
        if (first.equals(HEALTH)) {
            return tree(terminal, Map.of());
        }
        Supplier<Object> meant = all.get(first);
        return tree(terminal, meant == null || first.equals(COMPLETION) ? all : Map.of(first, meant));
    }

    private static Map<String, Supplier<Object>> commands(Terminal terminal, Supplier<StopSignal> signals) {
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("demo", () -> new DemoCommand(terminal, signals));
        all.put("run", () -> new RunCommand(terminal, signals));
        all.put("check", () -> new CheckCommand(terminal));
        all.put("explain", () -> new ExplainCommand(terminal));
        all.put("get", () -> new GetCommand(terminal, signals));
        all.put("describe", () -> new DescribeCommand(terminal));
        all.put("top", () -> new TopCommand(terminal, signals));
        all.put("drain", () -> new DrainCommand(terminal));
        all.put("upgrade", () -> new UpgradeCommand(terminal));
        all.put("doctor", () -> new DoctorCommand(terminal));
        all.put("cleanup", () -> new CleanupCommand(terminal));
        all.put("version", () -> new VersionCommand(terminal));
        all.put(COMPLETION, () -> new CompletionCommand(terminal));
        return all;
    }

    private static CommandLine tree(Terminal terminal, Map<String, Supplier<Object>> commands) {
        CommandLine root = new CommandLine(new FairleadCommand(terminal));
        commands.forEach((name, command) -> root.addSubcommand(name, command.get()));
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
