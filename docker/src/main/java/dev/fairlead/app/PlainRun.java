package dev.fairlead.app;

import dev.fairlead.balance.Balancers;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A {@code fairlead run -f FILE...} that needs no judgement: every option known, once and with its value, nothing in
 * the environment. It starts without the command line's library, which takes longer to learn its own commands than the
 * rest of a start takes. Whatever is not that plain is not understood here but left to {@link RunCommand}, which
 * understands it in the same way or says what is wrong.
 */
final class PlainRun {
    private static final String RUN = "run";
    private static final Set<String> FILE = Set.of("-f", "--file");
    private static final List<String> BESIDE_SETTINGS = List.of("--file", "--listen", "--to", "--kubernetes",
            "--no-privileges", "--take-over");

    private final List<String> files = new ArrayList<>();
    private final Map<Setting, String> settings = new EnumMap<>(Setting.class);

    private PlainRun() {
    }

    /** What the words say, or empty where they are to be judged by somebody else. */
    static Optional<PlainRun> of(String[] words, Map<String, String> environment) {
        if (words.length < 3 || words.length % 2 == 0 || !words[0].equals(RUN) || speaks(environment)) {
            return Optional.empty();
        }
        PlainRun plain = new PlainRun();
        for (int i = 1; i < words.length; i += 2) {
            if (!plain.take(words[i], words[i + 1])) {
                return Optional.empty();
            }
        }
        return plain.files.isEmpty() ? Optional.empty() : Optional.of(plain);
    }

    private boolean take(String option, String value) {
        if (value.isEmpty() || value.startsWith("-") || value.startsWith("@")) {
            return false;
        }
        if (FILE.contains(option)) {
            return files.add(value);
        }
        for (Setting setting : Setting.values()) {
            if (setting.option().equals(option)) {
                return settings.putIfAbsent(setting, value) == null;
            }
        }
        return false;
    }

    private static boolean speaks(Map<String, String> environment) {
        for (String option : BESIDE_SETTINGS) {
            if (environment.containsKey(OptionVariable.of(option))) {
                return true;
            }
        }
        for (Setting setting : Setting.values()) {
            if (environment.containsKey(OptionVariable.of(setting.option()))) {
                return true;
            }
        }
        return false;
    }

    List<String> files() {
        return Commas.split(files);
    }

    Map<Setting, String> settings() {
        return Map.copyOf(settings);
    }

    /** Runs until it is told to stop; returns how the process is to end. */
    int execute(Terminal terminal, Supplier<StopSignal> signals) {
        StopSignal stop = signals.get();
        Overrides overrides = new Overrides();
        settings.forEach((setting, value) -> overrides.with(setting, Optional.of(value)));
        try {
            return new ProxyRun(terminal, Balancers.installed(), stop).run(Inputs.named(files(), terminal.in()),
                    overrides);
        } catch (InterruptedException | RuntimeException defect) {
            // As the command line's library does; the process is to end whatever threads are left.
            defect.printStackTrace(terminal.err());
            return ExitCode.BAD_INPUT;
        }
    }
}
