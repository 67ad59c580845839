package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;

/** A plain command line is understood as the command line's library understands it, and nothing else is. */
class PlainRunTest {
    private static final Map<String, String> QUIET = Map.of("HOME", "/root", "FAIRLEAD_JAVA_OPTS", "-Xmx1g");

    private static Optional<PlainRun> plain(String line) {
        return PlainRun.of(line.split(" ", -1), QUIET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run -f a.yaml", "run --file a.yaml", "run -f a.yaml -f b,c --file d",
            "run -f a --node n --admin off --data-path nio --balancer random --log-level warn --log-format json",
            "run --admin 127.0.0.1:0 -f a=b"})
    void readsTheWordsAsTheLibraryDoes(String line) {
        PlainRun plain = plain(line).orElseThrow();
        ParseResult parsed = new Cli().tree().parseArgs(line.split(" ", -1)).subcommand();

        List<String> files = parsed.matchedOptionValue("--file", List.of());
        assertThat(plain.files()).isEqualTo(Commas.split(files));
        Map<Setting, String> settings = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            Optional<String> said = parsed.matchedOptionValue(setting.option(), Optional.empty());
            said.ifPresent(value -> settings.put(setting, value));
        }
        assertThat(plain.settings()).isEqualTo(settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run", "run -f", "check -f a", "run --help", "run -h -f", "run -f a extra",
            "run -f a --nod n", "run --file=a", "run -f a --node", "run -f a --node --admin", "run -f @words",
            "run -f a --node n --node m", "run --node n", "run --listen 127.0.0.1:1 --to 127.0.0.1:2",
            "run -f - ", "run -f a --admin ", "run -f a --listen 127.0.0.1:1"})
    void leavesWhateverNeedsJudgementToTheLibrary(String line) {
        assertThat(plain(line)).isEmpty();
    }

    static Stream<String> optionsOfRun() {
        return new Cli().tree().parseArgs("run").subcommand().commandSpec().options().stream()
                .filter(option -> !option.usageHelp()).map(option -> option.longestName());
    }

    @ParameterizedTest
    @MethodSource("optionsOfRun")
    void leavesEveryOptionInTheEnvironmentToTheLibrary(String option) {
        assertThat(PlainRun.of(new String[]{"run", "-f", "a"}, Map.of(OptionVariable.of(option), "x"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("optionsOfRun")
    void knowsEveryOptionOfRunThatGoesWithFilesAndHasAValue(String option) {
        boolean other = List.of("--listen", "--to", "--kubernetes", "--no-privileges", "--take-over")
                .contains(option);

        assertThat(plain("run -f a " + option + " x").isPresent()).isNotEqualTo(other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run -f missing.yaml", "run -f missing.yaml --balancer leastconn --log-level loud"})
    void reportsProblemsInTheSameWords(String line) {
        Cli cli = new Cli();

        int status = plain(line).orElseThrow().execute(cli.terminal(), () -> cli.stop);

        Outcome library = new Cli().execute(line.split(" ", -1));
        assertThat(library.err()).isNotEmpty();
        assertThat(cli.said(status)).isEqualTo(library);
    }

    @Test
    void runsUntilToldToStopAndEndsWithZero(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("empty.yaml"), """
                apiVersion: fairlead.dev/v1alpha1
                kind: ProxyConfiguration
                """);
        Cli cli = new Cli();
        cli.stop.give("the test");

        int status = Main.run(new String[]{"run", "-f", file.toString(), "--admin", "off"}, cli.terminal(),
                () -> cli.stop);

        assertThat(cli.said(status).status()).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).containsSubsequence("admin      off", "ready      in", "stopping   on the test");
    }
}
