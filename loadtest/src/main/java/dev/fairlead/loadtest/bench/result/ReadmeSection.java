package dev.fairlead.loadtest.bench.result;

import dev.fairlead.loadtest.bench.contender.Family;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the README says of the results, between two markers. The same results give the same text. */
public final class ReadmeSection {
    public static final String BEGIN = "<!-- loadtest:begin -->";
    public static final String END = "<!-- loadtest:end -->";

    /** What only a scenario with a whole cluster has. */
    private static final List<Metric> CLUSTER = List.of(Metric.CHANGE_P50, Metric.SERVER_P50, Metric.SERVER_P99,
            Metric.SYNC, Metric.HEAP, Metric.SCRAPE_SIZE, Metric.P99_SCRAPED);

    /** What only datagrams have. */
    private static final List<Metric> DATAGRAMS = List.of(Metric.LOST_FULL, Metric.LOST, Metric.REORDERED,
            Metric.HEAP_EACH, Metric.FLOOD_LOST, Metric.FLOOD_EVICTED);

    private ReadmeSection() {
    }

    /** The README with its section replaced. */
    public static String replace(String readme, List<ScenarioResult> results) {
        return readme.substring(0, begin(readme) + BEGIN.length()) + "\n" + text(results)
                + readme.substring(end(readme));
    }

    /** What stands between the markers now. */
    public static String existing(String readme) {
        return readme.substring(begin(readme) + BEGIN.length() + 1, end(readme));
    }

    private static int begin(String readme) {
        int begin = readme.indexOf(BEGIN);
        if (begin < 0) {
            throw new IllegalArgumentException("the README lacks the line " + BEGIN);
        }
        return begin;
    }

    private static int end(String readme) {
        int end = readme.indexOf(END);
        if (end < begin(readme)) {
            throw new IllegalArgumentException("the README lacks the line " + END + " below " + BEGIN);
        }
        return end;
    }

    /** The text for these results. */
    public static String text(List<ScenarioResult> results) {
        if (results.isEmpty()) {
            return "\nNot measured yet: `loadtest/run --all --readme` writes it.\n\n";
        }
        return "\n" + provenance(results)
                + "\n![CPU per unit of work, relative to the best peer](loadtest/results/chart.svg)\n\n"
                + goals(results) + "\n" + figures(results) + "\n";
    }

    private static String provenance(List<ScenarioResult> results) {
        String dates = span(results.stream().map(ScenarioResult::date).sorted().distinct().toList());
        String rounds = span(
                results.stream().map(ScenarioResult::rounds).sorted().distinct().map(String::valueOf).toList());
        String versions = results.stream().flatMap(result -> result.versions().entrySet().stream())
                .collect(Collectors.groupingBy(Map.Entry::getKey, LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toCollection(TreeSet::new))))
                .entrySet().stream().map(entry -> entry.getKey() + " " + String.join(" and ", entry.getValue()))
                .collect(Collectors.joining(", "));
        return "Measured " + dates + ": medians of " + rounds
                + " interleaved rounds, clients, endpoints and proxy on the same processors; " + versions + ".\n"
                + "Everything, round by round: [loadtest/results](loadtest/results). Repeat it with `loadtest/run --all --readme`.\n";
    }

    private static String span(List<String> sorted) {
        return sorted.size() == 1 ? sorted.getFirst() : sorted.getFirst() + " to " + sorted.getLast();
    }

    private static String goals(List<ScenarioResult> results) {
        return Stream
                .concat(Stream.of("| work | goal | contender | measured | spread | |", "|---|---|---|---|---|---|"),
                        Goals.all().stream().map(goal -> goal.line(results)))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String figures(List<ScenarioResult> results) {
        return Stream.concat(
                Stream.of("| scenario | figure | Fairlead | HAProxy | nginx | direct / kernel |",
                        "|---|---|---|---|---|---|"),
                results.stream().flatMap(result -> Stream
                        .of(List.of(result.headline(), Metric.RATE, Metric.P99), CLUSTER, DATAGRAMS)
                        .flatMap(List::stream).distinct()
                        .filter(metric -> result.rows().stream().anyMatch(row -> row.median(metric).isPresent()))
                        .map(metric -> figure(result, metric))))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String figure(ScenarioResult result, Metric metric) {
        return "| " + String.join(" | ", result.id(), words(result, metric), values(result, metric, Family.FAIRLEAD),
                values(result, metric, Family.HAPROXY), values(result, metric, Family.NGINX),
                Stream.of(Family.DIRECT, Family.DNAT, Family.IPTABLES, Family.NFT)
                        .map(family -> values(result, metric, family))
                        .filter(text -> !text.isEmpty()).collect(Collectors.joining(" / ")))
                + " |";
    }

    private static String words(ScenarioResult result, Metric metric) {
        return switch (metric) {
            case CPU -> "CPU " + result.unit().time() + " per " + result.unit().word();
            case RATE -> result.unit() == Unit.GIGABYTE ? "GB/s" : result.unit().word() + "s/s";
            default -> metric.heading();
        };
    }

    /** Fairlead's by their names, since all are of interest; of the others the best. */
    private static String values(ScenarioResult result, Metric metric, Family family) {
        Predicate<Row> ofFamily = ScenarioResult.of(family);
        if (family != Family.FAIRLEAD) {
            OptionalDouble best = result.best(metric, ofFamily);
            return best.isEmpty() ? "" : Table.number(best);
        }
        List<Row> rows = result.rows().stream().filter(ofFamily).filter(row -> row.median(metric).isPresent()).toList();
        return rows.stream().map(row -> Table.number(row.median(metric)) + name(row) + ratio(result, row, metric))
                .collect(Collectors.joining("<br>"));
    }

    private static String name(Row row) {
        String variant = row.contender().replaceFirst("^fairlead-?", "");
        return variant.isEmpty() ? "" : " " + variant;
    }

    private static String ratio(ScenarioResult result, Row row, Metric metric) {
        OptionalDouble ratio = result.ratio(row, metric);
        return ratio.isEmpty() ? "" : " (" + Table.ratio(ratio.getAsDouble()) + ")";
    }
}
