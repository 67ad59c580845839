package dev.fairlead.loadtest.bench;

import dev.fairlead.loadtest.bench.contender.Contender;
import dev.fairlead.loadtest.bench.contender.DataPathName;
import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.load.GeneratorLaunch;
import dev.fairlead.loadtest.bench.machine.Networks;
import dev.fairlead.loadtest.bench.machine.Versions;
import dev.fairlead.loadtest.bench.result.Chart;
import dev.fairlead.loadtest.bench.result.ReadmeSection;
import dev.fairlead.loadtest.bench.result.ResultFiles;
import dev.fairlead.loadtest.bench.result.ScenarioResult;
import dev.fairlead.loadtest.bench.result.Table;
import dev.fairlead.loadtest.bench.scenario.Outcome;
import dev.fairlead.loadtest.bench.scenario.Pace;
import dev.fairlead.loadtest.bench.scenario.Scenario;
import dev.fairlead.loadtest.bench.scenario.Scenarios;
import dev.fairlead.loadtest.bench.scenario.Stage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code loadtest/run}: measures, prints, keeps. */
public final class Bench {
    private static final int USAGE = 2;
    private static final double SECONDS_PER_MINUTE = 60;

    private final Options options;
    private final PrintStream out;
    private final PrintStream err;
    private final Scenarios scenarios;

    private Bench(Options options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
        this.scenarios = new Scenarios(List.of(options.root().resolve("fairlead").toString()),
                DataPathName.measured(), Scenarios.Extent.full((long) (options.minutes() * SECONDS_PER_MINUTE)));
    }

    /** The first argument is the source tree, the second {@code terminal} where standard error is one. */
    public static void main(String[] args) {
        int code;
        try {
            Options options = Options.parse(Path.of(args[0]), Arrays.asList(args).subList(2, args.length));
            code = new Bench(options, System.out, System.err).run(args[1].equals("terminal"));
        } catch (IllegalArgumentException wrong) {
            System.err.println("loadtest: " + wrong.getMessage());
            code = USAGE;
        } catch (IOException failed) {
            System.err.println("loadtest: " + failed.getMessage());
            code = 1;
        } catch (InterruptedException stopped) {
            code = 1;
        }
        System.exit(code);
    }

    private int run(boolean terminal) throws IOException, InterruptedException {
        if (options.wishes(Options.Wish.HELP)) {
            out.print(Usage.text());
            return 0;
        }
        if (options.wishes(Options.Wish.LIST)) {
            everything().forEach(scenario -> out.printf("%-18s %s%n", scenario.id(), scenario.title()));
            return 0;
        }
        List<Scenario> chosen = chosen();
        boolean readme = options.wishes(Options.Wish.README);
        if (chosen.isEmpty() && !readme) {
            err.print(Usage.text());
            return USAGE;
        }
        boolean clean = chosen.isEmpty() || measure(chosen, terminal);
        if (readme) {
            Path file = options.root().resolve("README.md");
            List<ScenarioResult> results = ResultFiles.read(options.out());
            Files.writeString(file, ReadmeSection.replace(Files.readString(file), results));
            err.println("README.md says what " + options.out() + " holds: " + results.size() + " scenarios");
        }
        return clean ? 0 : 1;
    }

    /** The long ones, last, are for those who name them. */
    private List<Scenario> everything() {
        return Stream.concat(scenarios.table().stream(), scenarios.apart().stream()).toList();
    }

    private List<Scenario> chosen() {
        List<Scenario> known = everything();
        List<Scenario> chosen = new ArrayList<>(options.everything() ? scenarios.table() : List.of());
        for (String id : options.scenarios()) {
            Scenario scenario = known.stream().filter(candidate -> candidate.id().equals(id)).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no scenario is called \"" + id + "\" (expected: "
                            + String.join(", ", known.stream().map(Scenario::id).toList()) + ")"));
            if (chosen.stream().noneMatch(candidate -> candidate.id().equals(id))) {
                chosen.add(scenario);
            }
        }
        return chosen;
    }

    /** Whether all of it was measured without an error. */
    private boolean measure(List<Scenario> chosen, boolean terminal) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("fairlead-loadtest");
        Networks networks = Networks.open();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            networks.close();
            delete(directory);
        }, "tidy-up"));
        networks.notes().forEach(note -> err.println("loadtest: " + note));
        Pace pace = Pace.full(options.rounds(), options.seconds());
        Map<String, String> versions = Versions.of(options.root().resolve("docker/target/app/lib"));
        List<ScenarioResult> results = new ArrayList<>();
        TerminalProgress progress = new TerminalProgress(err, terminal);
        try (Stage stage = new Stage(networks, GeneratorLaunch.beside(), directory, options.families(), pace,
                progress)) {
            missing(stage).forEach(who -> err.println("loadtest: " + who + " takes no part, it is not installed here"));
            List<Double> estimates = new ArrayList<>();
            for (Scenario scenario : chosen) {
                estimates.add(scenario.estimate(pace, stage.taking(scenario.contenders()).size()));
            }
            double whole = estimates.stream().mapToDouble(Double::doubleValue).sum();
            err.printf(Locale.ROOT, "loadtest: %d scenarios, %d rounds, %.1f s each: about %.1f minutes%n",
                    chosen.size(), options.rounds(), options.seconds(), whole / SECONDS_PER_MINUTE);
            progress.expect(whole);
            for (int i = 0; i < chosen.size(); i++) {
                progress.begin(chosen.get(i).id(), estimates.get(i));
                ScenarioResult result = result(chosen.get(i), chosen.get(i).run(stage), versions, networks);
                progress.clear();
                out.println(Table.of(result));
                ResultFiles.write(options.out(), result);
                results.add(result);
            }
        }
        Files.writeString(options.out().resolve("chart.svg"), Chart.svg(ResultFiles.read(options.out())));
        return results.stream().flatMap(result -> result.rows().stream()).allMatch(row -> row.errors() == 0);
    }

    /** Peers that were asked for and are not to be had. */
    private List<String> missing(Stage stage) throws IOException, InterruptedException {
        List<String> missing = new ArrayList<>();
        List<Contender> everybody = scenarios.table().stream().flatMap(scenario -> scenario.contenders().stream())
                .toList();
        Set<Family> taking = stage.taking(everybody).stream().map(Contender::family).collect(Collectors.toSet());
        for (Family family : Family.others()) {
            if (family.peer() && options.families().contains(family) && !taking.contains(family)) {
                missing.add(family.word());
            }
        }
        return missing;
    }

    private ScenarioResult result(Scenario scenario, Outcome outcome, Map<String, String> versions,
            Networks networks) {
        List<String> notes = Stream.concat(outcome.notes().stream(), networks.notes().stream()).toList();
        return new ScenarioResult(scenario.id(), scenario.title(), scenario.unit(), scenario.headline(),
                scenario.reference(), LocalDate.now(ZoneOffset.UTC).toString(), versions, notes, options.rounds(),
                options.seconds(), outcome.openLoopRate(), outcome.rows());
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException busy) {
            // It lies in the folder for temporary files.
        }
    }
}
