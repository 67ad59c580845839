package dev.fairlead.app;

import dev.fairlead.source.Suggestion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a mistyped command line is answered with: what is wrong, did you mean, where to read on. */
final class Mistakes implements IParameterExceptionHandler {
    private final Terminal terminal;

    Mistakes(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public int handleParseException(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        terminal.say(mistake instanceof UnmatchedArgumentException unmatched
                ? unknown(command.getCommandSpec(), unmatched.getUnmatched())
                : lowerFirst(String.valueOf(mistake.getMessage())));
        terminal.say("see " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static String unknown(CommandSpec spec, List<String> unmatched) {
        String word = unmatched.getFirst();
        boolean option = word.startsWith("-");
        String name = option ? word.replaceFirst("=.*", "") : word;
        List<String> known = option ? options(spec) : List.copyOf(spec.subcommands().keySet());
        if (known.isEmpty()) {
            return "unexpected argument \"" + word + "\" (expected: options only)";
        }
        Optional<String> near = Suggestion.nearest(name, known);
        return "unknown " + (option ? "option" : "command") + " \"" + name + "\""
                + near.map(n -> " - did you mean \"" + n + "\"?")
                        .orElseGet(() -> " (expected: " + String.join(", ", known) + ")");
    }

    private static List<String> options(CommandSpec spec) {
        return spec.options().stream().filter(option -> !option.hidden()).flatMap(option -> Stream.of(option.names()))
                .filter(name -> name.startsWith("--")).sorted().toList();
    }

    private static String lowerFirst(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
