package dev.fairlead.loadtest.bench.result;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A scenario's result as text for a terminal. */
public final class Table {
    private static final String NOTHING = "-";
    private static final double PERCENT = 100;

    private Table() {
    }

    /** Title, one line per contender, notes. */
    public static String of(ScenarioResult result) {
        List<List<String>> lines = new ArrayList<>();
        List<Metric> metrics = metrics(result);
        lines.add(heading(result, metrics));
        result.rows().stream().filter(row -> !row.rounds().isEmpty())
                .forEach(row -> lines.add(line(result, row, metrics)));
        StringBuilder text = new StringBuilder();
        text.append(result.id()).append(": ").append(result.title()).append('\n');
        text.append(String.format(Locale.ROOT, "  medians of %d rounds of %.1f s%s; ratios to %s%n", result.rounds(),
                result.seconds(),
                result.openLoopRate() > 0
                        ? String.format(Locale.ROOT, ", latency at %,.0f/s (open loop)", result.openLoopRate())
                        : "",
                result.reference().isEmpty() ? "the best peer" : result.reference()));
        text.append(aligned(lines));
        remarks(result).forEach(remark -> text.append("  ").append(remark).append('\n'));
        return text.toString();
    }

    private static List<Metric> metrics(ScenarioResult result) {
        return result.rows().stream().flatMap(row -> row.rounds().keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new)).stream().toList();
    }

    private static List<String> heading(ScenarioResult result, List<Metric> metrics) {
        List<String> cells = new ArrayList<>(List.of("contender"));
        for (Metric metric : metrics) {
            cells.add(switch (metric) {
                case RATE -> result.unit() == Unit.GIGABYTE ? "GB/s" : result.unit().word() + "s/s";
                case CPU -> "CPU " + result.unit().time() + "/" + result.unit().word();
                default -> metric.heading();
            });
            if (compared(result, metric)) {
                cells.add("ratio");
            }
        }
        cells.add("spread");
        cells.add("errors");
        return cells;
    }

    private static List<String> line(ScenarioResult result, Row row, List<Metric> metrics) {
        List<String> cells = new ArrayList<>(List.of(row.contender()));
        for (Metric metric : metrics) {
            cells.add(number(row.median(metric)));
            if (compared(result, metric)) {
                OptionalDouble ratio = result.ratio(row, metric);
                cells.add(ratio.isPresent() ? ratio(ratio.getAsDouble()) : NOTHING);
            }
        }
        // A contender without a process has a rate and no CPU.
        Metric spreadOf = row.values(result.headline()).isEmpty() ? Metric.RATE : result.headline();
        cells.add(row.values(spreadOf).isEmpty()
                ? NOTHING
                : String.format(Locale.ROOT, "%.0f%%", Statistics.spread(row.values(spreadOf)) * PERCENT));
        cells.add(row.errors() == 0 ? "0" : row.errors() + " !");
        return cells;
    }

    private static boolean compared(ScenarioResult result, Metric metric) {
        return metric == result.headline() || metric == Metric.RATE;
    }

    /** Three digits that matter, thousands with commas. */
    static String number(OptionalDouble value) {
        if (value.isEmpty()) {
            return NOTHING;
        }
        double number = value.getAsDouble();
        double size = Math.abs(number);
        String format = size >= 100 || size == 0 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, number);
    }

    /** Two places, or more where there would be nothing. */
    static String ratio(double ratio) {
        return String.format(Locale.ROOT, Math.abs(ratio) < 0.01 ? "%.4f" : "%.2f", ratio);
    }

    private static List<String> remarks(ScenarioResult result) {
        Stream<String> rows = result.rows().stream().flatMap(row -> Stream.of(
                row.note().isEmpty() ? "" : row.contender() + ": " + row.note(),
                row.errors() == 0 ? "" : row.contender() + " had errors: " + row.errorKinds(),
                row.generatorHeavy()
                        ? row.contender() + ": the generator's user time is above a third of the proxy's CPU"
                        : ""));
        return Stream.concat(rows, result.notes().stream()).filter(remark -> !remark.isEmpty()).toList();
    }

    private static String aligned(List<List<String>> lines) {
        int columns = lines.stream().map(List::size).max(Comparator.naturalOrder()).orElse(0);
        int[] widths = new int[columns];
        lines.forEach(line -> {
            for (int i = 0; i < line.size(); i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder(" ");
            for (int i = 0; i < line.size(); i++) {
                String space = " ".repeat(widths[i] - line.get(i).length());
                row.append(i == 0 ? " " + line.get(i) + space : "  " + space + line.get(i));
            }
            text.append(row).append('\n');
        }
        return text.toString();
    }
}
