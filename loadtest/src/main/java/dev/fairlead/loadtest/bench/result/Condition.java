package dev.fairlead.loadtest.bench.result;

import dev.fairlead.loadtest.bench.contender.Family;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One comparison of a goal: at most, or where more is better at least, {@code factor} times the other's best median.
 *
 * @param against who; with {@link Against#ABSOLUTE} the factor is the bound itself
 */
public record Condition(Metric metric, Against against, double factor) {
    /** Whose figure is the bound. */
    public enum Against {
        HAPROXY("HAProxy"), NGINX("nginx"), BETTER_PEER("the better peer"), DEFAULTS(
                "the peers' defaults"), SPLICE_OR_LARGE(
                        "forced splice or 256 KiB buffers"), DNAT(
                                "kernel DNAT"), IPTABLES_LEGACY(
                                        "iptables-legacy"), NFT("nft"), REFERENCE("the reference"), ABSOLUTE("");

        private static final List<String> WITHOUT_TUNING = List.of("haproxy-1", "haproxy-2", "nginx-1", "nginx-2");

        private final String words;

        Against(String words) {
            this.words = words;
        }

        OptionalDouble bound(ScenarioResult result, Metric metric) {
            return switch (this) {
                case HAPROXY -> result.best(metric, ScenarioResult.of(Family.HAPROXY));
                case NGINX -> result.best(metric, ScenarioResult.of(Family.NGINX));
                case DNAT -> result.best(metric, ScenarioResult.of(Family.DNAT));
                case IPTABLES_LEGACY, NFT -> result.best(metric, row -> row.contender().equals(words));
                case BETTER_PEER -> result.best(metric, row -> row.family().peer());
                case DEFAULTS -> result.best(metric, row -> WITHOUT_TUNING.contains(row.contender()));
                case SPLICE_OR_LARGE -> result.best(metric,
                        row -> row.contender().matches("haproxy-splice-\\d") || row.contender().contains("-256k-"));
                case REFERENCE -> result.yardstick(metric);
                case ABSOLUTE -> OptionalDouble.of(1);
            };
        }
    }

    /** As in a table of goals: {@code CPU ≤ 0.97 × HAProxy}. */
    String words() {
        return metric.heading() + (metric.lessIsBetter() ? " ≤ " : " ≥ ") + (against == Against.ABSOLUTE
                ? Table.number(OptionalDouble.of(factor))
                : Table.ratio(factor) + " × " + against.words);
    }

    /** What was measured of it, with the verdict; both are absent where one side has no figure. */
    Finding find(ScenarioResult result, Row row) {
        OptionalDouble own = row.median(metric);
        OptionalDouble bound = against.bound(result, metric);
        if (own.isEmpty() || bound.isEmpty() || bound.getAsDouble() == 0) {
            return new Finding(metric.heading() + " not measured", Verdict.NOT_MEASURED);
        }
        double ratio = own.getAsDouble() / bound.getAsDouble();
        boolean met = metric.lessIsBetter() ? ratio <= factor : ratio >= factor;
        return new Finding(metric.heading() + " " + (against == Against.ABSOLUTE
                ? Table.number(own)
                : Table.ratio(ratio) + " × " + against.words), met ? Verdict.MET : Verdict.MISSED);
    }

    /**
     * How a condition turned out.
     *
     * @param words the figure, such as {@code CPU 0.96 × HAProxy}
     */
    record Finding(String words, Verdict verdict) {
    }

    /** In the order in which one spoils a goal. */
    enum Verdict {
        MET("met"), NOT_MEASURED("not measured"), MISSED("missed");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }
}
