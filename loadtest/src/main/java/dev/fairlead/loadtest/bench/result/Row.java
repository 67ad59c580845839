package dev.fairlead.loadtest.bench.result;

import dev.fairlead.loadtest.bench.contender.Family;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One contender in one scenario.
 *
 * @param rounds the value of every round; a contender without a process has no CPU
 * @param errors of all measured windows together; a row with errors is marked, not dropped
 * @param note what a reader should know of it, or empty text
 */
public record Row(String contender, Map<Metric, List<Double>> rounds, long errors, Map<String, Long> errorKinds,
        String note) {
    /** The generator must not be what is measured: its user time stays below this part of the proxy's CPU. */
    private static final double GENERATOR_LIMIT = 1.0 / 3;

    /** A contender that did not start. */
    public static Row absent(String contender, String reason) {
        return new Row(contender, Map.of(), 0, Map.of(), reason);
    }

    public Family family() {
        return Family.ofContender(contender);
    }

    public List<Double> values(Metric metric) {
        return rounds.getOrDefault(metric, List.of());
    }

    public OptionalDouble median(Metric metric) {
        List<Double> values = values(metric);
        return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Statistics.median(values));
    }

    /** Whether the generator used more than a third of the proxy's CPU in user mode. */
    public boolean generatorHeavy() {
        OptionalDouble user = median(Metric.GENERATOR_USER);
        OptionalDouble cpu = median(Metric.CPU);
        return user.isPresent() && cpu.isPresent() && user.getAsDouble() > cpu.getAsDouble() * GENERATOR_LIMIT;
    }
}
