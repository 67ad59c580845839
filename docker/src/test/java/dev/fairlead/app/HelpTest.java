package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.app.Cli.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
    static List<String> commands() {
        return new Cli().tree().getSubcommands().keySet().stream().sorted().toList();
    }

    @Test
    void thereAreTheseCommands() {
        assertThat(commands()).containsExactly("check", "cleanup", "completion", "demo", "describe", "doctor", "drain",
                "explain", "get", "run", "top", "upgrade", "version");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpOfACommandFitsAScreenOf24LinesAnd80Columns(String command) throws IOException {
        Outcome help = new Cli().execute(command, "--help");

        assertThat(help.status()).isEqualTo(ExitCode.OK);
        assertThat(help.out().lines()).hasSizeLessThanOrEqualTo(24)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        Golden.assertMatches("help/" + command + ".txt", help.out());
    }

    @Test
    void helpOfFairleadItselfFitsAScreenToo() throws IOException {
        Outcome help = new Cli().execute("--help");

        assertThat(help.out().lines()).hasSizeLessThanOrEqualTo(24)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        Golden.assertMatches("help/fairlead.txt", help.out());
    }

    @Test
    void fairleadAloneShowsTheThreeShortestCommandsAndEachOfThemIsUnderstood() throws IOException {
        Outcome alone = new Cli().execute();

        assertThat(alone.status()).isEqualTo(ExitCode.OK);
        Golden.assertMatches("help/alone.txt", alone.out());
        List<String> shown = alone.out().lines().filter(line -> line.startsWith("  fairlead ")).map(String::strip)
                .toList();
        assertThat(shown).hasSize(3).allSatisfy(
                line -> new Cli().tree().parseArgs(line.replaceFirst("fairlead ", "").split(" ", -1)));
    }

    @Test
    void shortHelpIsTheSame() {
        assertThat(new Cli().execute("run", "-h")).isEqualTo(new Cli().execute("run", "--help"));
    }

    static Stream<Cli> withoutColours() {
        return Stream.of(new Cli(), new Cli().person().environment("NO_COLOR", "1"),
                new Cli().person().environment("TERM", "dumb"));
    }

    @ParameterizedTest
    @MethodSource("withoutColours")
    void noColourForProgramsAndForThoseWhoRefuseIt(Cli cli) {
        assertThat(cli.execute("--help").out()).doesNotContain("\u001b[");
    }

    @Test
    void coloursForAPerson() {
        assertThat(new Cli().person().environment("NO_COLOR", "").execute("--help").out()).contains("\u001b[");
    }
}
