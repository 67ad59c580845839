package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.fairlead.app.Cli.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MistakesTest {
    static Stream<Arguments> mistakes() {
        return Stream.of(
                arguments("a mistyped command", "explian", "unknown command \"explian\" - did you mean \"explain\"?",
                        "fairlead"),
                arguments("a command like no other", "frobnicate",
                        "unknown command \"frobnicate\" (expected: demo, run, check, explain, get, describe, top, drain, upgrade, doctor, cleanup, version, completion)",
                        "fairlead"),
                arguments("a mistyped option", "run --lisen 127.0.0.1:1",
                        "unknown option \"--lisen\" - did you mean \"--listen\"?", "fairlead run"),
                arguments("a mistyped option with its value", "run --log-levle=debug",
                        "unknown option \"--log-levle\" - did you mean \"--log-level\"?", "fairlead run"),
                arguments("an option of another command", "version --strict",
                        "unknown option \"--strict\" (expected: --help, --json)", "fairlead version"),
                arguments("an argument where none is taken", "check services.yaml",
                        "unexpected argument \"services.yaml\" (expected: options only)", "fairlead check"),
                arguments("an option without its value", "check -f",
                        "missing required parameter for option '--file' (FILE)", "fairlead check"),
                arguments("a word that is none of an option's", "explain -f - -o yaml",
                        "invalid value for option '--output': \"yaml\" is no form (expected: text, json or iptables)",
                        "fairlead explain"),
                arguments("no input to check", "check",
                        "no input (expected: -f FILE, -f DIRECTORY, or -f - for standard input)", "fairlead check"),
                arguments("no input to explain", "explain",
                        "no input (expected: -f FILE, -f DIRECTORY, or -f - for standard input)", "fairlead explain"),
                arguments("no input to run", "run",
                        "no input (expected: -f FILE, -f DIRECTORY, or -f - for standard input)", "fairlead run"),
                arguments("a listener without endpoints", "run --listen 127.0.0.1:8080",
                        "--listen needs --to and --to needs --listen", "fairlead run"),
                arguments("endpoints without a listener", "run --to 127.0.0.1:8080",
                        "--listen needs --to and --to needs --listen", "fairlead run"),
                arguments("files and a one-liner", "run -f x.yaml --listen 127.0.0.1:8080 --to 127.0.0.1:9001",
                        "--listen and --to do without -f (expected: one or the other)", "fairlead run"),
                arguments("a take-over without privileges", "run -f x.yaml --take-over --no-privileges",
                        "--take-over changes this node's rules, which --no-privileges never does"
                                + " (expected: one or the other)",
                        "fairlead run"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void isAnsweredWithWhatIsWrongAndWhereToReadOn(String what, String line, String answer, String command) {
        Outcome outcome = new Cli().execute(line.split(" ", -1));

        assertThat(outcome).as(what).isEqualTo(new Outcome(ExitCode.USAGE, "",
                "fairlead: " + answer + "\nfairlead: see " + command + " --help\n"));
    }
}
