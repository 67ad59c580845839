package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class EnvironmentTest {
    static Stream<Arguments> options() {
        return new Cli().tree().getSubcommands().entrySet().stream()
                .flatMap(command -> command.getValue().getCommandSpec().options().stream()
                        .filter(option -> !option.usageHelp())
                        .map(option -> arguments(command.getKey(), option.longestName())));
    }

    @ParameterizedTest
    @MethodSource("options")
    void everyOptionMaySitInTheEnvironment(String command, String option) {
        String variable = "FAIRLEAD_" + option.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
        String value = switch (option) {
            case "--json", "--strict", "--kubernetes", "--no-privileges", "--take-over", "--watch",
                    "--undo" ->
                "true";
            case "--family" -> "ipv6";
            case "--output" -> "json";
            default -> "something";
        };

        Object before = value(new Cli(), command, option);
        Object after = value(new Cli().environment(variable, value), command, option);

        assertThat(after).isNotEqualTo(before);
        assertThat(after.toString().toLowerCase(Locale.ROOT)).contains(value);
    }

    @Test
    void theCommandLineWinsOverTheEnvironment() {
        CommandLine tree = new Cli().environment("FAIRLEAD_BALANCER", "random").tree();
        tree.parseArgs("run", "--balancer", "round-robin");

        assertThat(option(tree, "run", "--balancer").<Optional<String>>getValue()).contains("round-robin");
    }

    @Test
    void severalFilesInTheEnvironmentAreSeparatedByCommas() {
        assertThat(new Cli().environment("FAIRLEAD_FILE", "/no/a.yaml,/no/b").execute("check").err())
                .isEqualTo("/no/a.yaml: no such file or directory\n/no/b: no such file or directory\n2 problems\n");
    }

    @Test
    void aOneLinerOnTheCommandLineWinsOverAFileInTheEnvironment() {
        Cli cli = new Cli().environment("FAIRLEAD_FILE", "/no/such/file.yaml");

        assertThat(cli.execute("run", "--listen", "nowhere", "--to", "127.0.0.1:9001").err()).startsWith("--listen: ")
                .doesNotContain("file.yaml");
    }

    @Test
    void theEnvironmentCanSayAOneLinerToo() {
        Cli cli = new Cli().environment("FAIRLEAD_LISTEN", "nowhere").environment("FAIRLEAD_TO", "127.0.0.1:9001");

        assertThat(cli.execute("run").err()).startsWith("--listen: ");
    }

    private static Object value(Cli cli, String command, String option) {
        CommandLine tree = cli.tree();
        CommandSpec spec = spec(tree, command);
        tree.parseArgs(Stream.concat(Stream.of(command),
                spec.positionalParameters().stream().filter(one -> one.required()).map(one -> "something"))
                .toArray(String[]::new));
        return option(tree, command, option).getValue();
    }

    private static OptionSpec option(CommandLine tree, String command, String option) {
        return spec(tree, command).findOption(option);
    }

    private static CommandSpec spec(CommandLine tree, String command) {
        return tree.getSubcommands().entrySet().stream().filter(entry -> entry.getKey().equals(command)).findFirst()
                .orElseThrow().getValue().getCommandSpec();
    }
}
