package dev.fairlead.loadtest.bench.result;

import dev.fairlead.loadtest.bench.contender.Family;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;

/**
 * What one scenario brought, as it is kept.
 *
 * @param headline the metric whose ratio and spread are shown first
 * @param reference the contender that ratios are to; empty text: the best peer
 * @param date of the measurement
 * @param versions of the kernel, the JDK and whoever took part
 * @param notes what a reader should know
 * @param openLoopRate units per second of the open loop, or 0
 */
public record ScenarioResult(String id, String title, Unit unit, Metric headline, String reference, String date,
        Map<String, String> versions, List<String> notes, int rounds, double seconds, double openLoopRate,
        List<Row> rows) {

    public Optional<Row> row(String contender) {
        return rows.stream().filter(row -> row.contender().equals(contender)).findFirst();
    }

    /** The best median among the rows wanted. */
    public OptionalDouble best(Metric metric, Predicate<Row> wanted) {
        DoubleStream medians = rows.stream().filter(wanted).map(row -> row.median(metric))
                .filter(OptionalDouble::isPresent).mapToDouble(OptionalDouble::getAsDouble);
        return metric.lessIsBetter() ? medians.min() : medians.max();
    }

    /** What ratios of this metric are to. */
    public OptionalDouble yardstick(Metric metric) {
        return reference.isEmpty()
                ? best(metric, row -> row.family().peer())
                : row(reference).map(row -> row.median(metric)).orElse(OptionalDouble.empty());
    }

    /** A row's median over the yardstick. */
    public OptionalDouble ratio(Row row, Metric metric) {
        OptionalDouble own = row.median(metric);
        OptionalDouble other = yardstick(metric);
        return own.isPresent() && other.isPresent() && other.getAsDouble() != 0
                ? OptionalDouble.of(own.getAsDouble() / other.getAsDouble())
                : OptionalDouble.empty();
    }

    /** The rows of one family. */
    public static Predicate<Row> of(Family family) {
        return row -> row.family() == family;
    }
}
