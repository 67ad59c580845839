package dev.fairlead.telemetry;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;

/** One metric's values while they are collected. */
final class Series {
    private record Point(Labels labels, double value) {
    }

    private final MetricMetadata metadata;
    private final List<Point> points = new ArrayList<>();

    /** @param name without {@code _total}, which the text format adds to counters */
    Series(String name, String help) {
        this.metadata = new MetricMetadata(name, help);
    }

    void add(Labels labels, long value) {
        // Exact up to 2^53, as far as Prometheus counts.
        add(labels, (double) value);
    }

    void add(Labels labels, double value) {
        points.add(new Point(labels, value));
    }

    MetricSnapshot counter() {
        return new CounterSnapshot(metadata,
                points.stream().map(p -> new CounterDataPointSnapshot(p.value(), p.labels(), null, 0)).toList());
    }

    MetricSnapshot gauge() {
        return new GaugeSnapshot(metadata,
                points.stream().map(p -> new GaugeDataPointSnapshot(p.value(), p.labels(), null, 0)).toList());
    }
}
