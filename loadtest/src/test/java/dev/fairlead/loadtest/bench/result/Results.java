package dev.fairlead.loadtest.bench.result;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Results to test with. */
final class Results {
    private Results() {
    }

    static ScenarioResult scenario(String id, Row... rows) {
        return new ScenarioResult(id, "work of " + id, Unit.CONNECTION, Metric.CPU, "", "2026-11-24",
                new TreeMap<>(Map.of("kernel", "6.18.0", "haproxy", "2.6.12")), List.of(), 3, 2, 9800,
                List.of(rows));
    }

    static Row row(String contender, Figures... figures) {
        Map<Metric, List<Double>> rounds = new TreeMap<>();
        Arrays.stream(figures).forEach(figure -> rounds.put(figure.metric(), figure.values()));
        return new Row(contender, rounds, 0, Map.of(), "");
    }

    static Figures figures(Metric metric, Double... values) {
        return new Figures(metric, List.of(values));
    }

    record Figures(Metric metric, List<Double> values) {
    }
}
