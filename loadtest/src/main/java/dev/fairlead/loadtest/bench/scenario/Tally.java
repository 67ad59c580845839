package dev.fairlead.loadtest.bench.scenario;

import dev.fairlead.loadtest.bench.load.LoadReport;
import dev.fairlead.loadtest.bench.result.Metric;
import dev.fairlead.loadtest.bench.result.Row;
import dev.fairlead.loadtest.bench.result.Unit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is noted of one contender, round by round. */
final class Tally {
    private static final double MICROS_PER_MILLI = 1000;

    private final String contender;
    private final Map<Metric, List<Double>> rounds = new EnumMap<>(Metric.class);
    private final Map<String, Long> errorKinds = new TreeMap<>();
    private long errors;
    private String note = "";

    Tally(String contender) {
        this.contender = contender;
    }

    void add(Metric metric, double value) {
        rounds.computeIfAbsent(metric, first -> new ArrayList<>()).add(value);
    }

    void note(String text) {
        note = text;
    }

    /** A window at full speed: what a unit costs, and how many there are. */
    void cost(LoadReport report, Unit unit, boolean process) {
        add(Metric.RATE, unit.rate(report.rate()));
        if (process) {
            add(Metric.CPU, unit.cost(report.proxy().sum(), report.units()));
        }
        add(Metric.GENERATOR_USER, unit.cost(report.clients().user() + report.endpoints().user(), report.units()));
        add(Metric.GENERATOR_SYSTEM,
                unit.cost(report.clients().system() + report.endpoints().system(), report.units()));
        errors(report);
    }

    void latency(LoadReport report) {
        add(Metric.P50, report.latency().p50() / MICROS_PER_MILLI);
        add(Metric.P999, report.latency().p999() / MICROS_PER_MILLI);
        p99(Metric.P99, report);
    }

    /** The p99 alone, by a name of its own. */
    void p99(Metric metric, LoadReport report) {
        add(metric, report.latency().p99() / MICROS_PER_MILLI);
        errors(report);
    }

    void errors(LoadReport report) {
        errors += report.errors();
        report.errorKinds().forEach((kind, count) -> errorKinds.merge(kind, count, Long::sum));
    }

    void error(String kind, long count) {
        if (count > 0) {
            errors += count;
            errorKinds.merge(kind, count, Long::sum);
        }
    }

    List<Double> values(Metric metric) {
        return rounds.getOrDefault(metric, List.of());
    }

    Row row() {
        return new Row(contender, new TreeMap<>(rounds), errors, new TreeMap<>(errorKinds), note);
    }
}
