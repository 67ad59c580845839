package dev.fairlead.loadtest.bench.result;

import dev.fairlead.loadtest.bench.contender.Family;
import dev.fairlead.loadtest.bench.result.Condition.Finding;
import dev.fairlead.loadtest.bench.result.Condition.Verdict;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Fairlead wants to reach in one scenario.
 *
 * @param scenario its id
 * @param work in words for a reader
 * @param contender which of Fairlead's rows it is about; of several the one with the best headline figure
 * @param conditions all of which must hold; none: it is reported only
 */
public record Goal(String scenario, String work, Pattern contender, List<Condition> conditions) {
    private static final double PERCENT = 100;

    /** One line of the README's table. */
    String line(List<ScenarioResult> results) {
        Optional<ScenarioResult> result = results.stream().filter(one -> one.id().equals(scenario)).findFirst();
        Optional<Row> row = result.flatMap(this::subject);
        String wanted = conditions.isEmpty()
                ? "reported"
                : conditions.stream().map(Condition::words).collect(Collectors.joining(", "));
        if (row.isEmpty()) {
            return cells(work, wanted, "", "", "", Verdict.NOT_MEASURED.word());
        }
        List<Finding> findings = (conditions.isEmpty()
                ? List.of(new Condition(result.get().headline(), Condition.Against.BETTER_PEER, 1))
                : conditions).stream().map(condition -> condition.find(result.get(), row.get())).toList();
        String spread = row.get().values(result.get().headline()).isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.0f %%",
                        Statistics.spread(row.get().values(result.get().headline())) * PERCENT);
        return cells(work, wanted, row.get().contender(),
                findings.stream().map(Finding::words).collect(Collectors.joining(", ")), spread,
                verdict(findings, row.get()));
    }

    private String verdict(List<Finding> findings, Row row) {
        if (conditions.isEmpty()) {
            return "";
        }
        Verdict worst = findings.stream().map(Finding::verdict).max(Comparator.naturalOrder()).orElseThrow();
        return (worst == Verdict.MISSED ? "**missed**" : worst.word())
                + (row.errors() == 0 ? "" : ", " + row.errors() + " errors");
    }

    Optional<Row> subject(ScenarioResult result) {
        Metric headline = result.headline();
        Comparator<Row> best = Comparator.comparingDouble(
                row -> (headline.lessIsBetter() ? 1 : -1) * row.median(headline).orElseThrow());
        return result.rows().stream()
                .filter(row -> row.family() == Family.FAIRLEAD && contender.matcher(row.contender()).matches())
                .filter(row -> row.median(headline).isPresent()).min(best);
    }

    private static String cells(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }
}
