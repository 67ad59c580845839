package dev.fairlead.telemetry;

import dev.fairlead.control.Histogram;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Arrays;
import java.util.List;

/** Our histograms as Prometheus' model has them. */
final class Timings {
    private Timings() {
    }

    /** A metric of one series without labels. */
    static MetricSnapshot metric(String name, String help, Histogram histogram) {
        return new HistogramSnapshot(new MetricMetadata(name, help), List.of(point(histogram, Labels.EMPTY)));
    }

    static HistogramDataPointSnapshot point(Histogram histogram, Labels labels) {
        double[] bounds = histogram.bounds();
        double[] toInfinity = Arrays.copyOf(bounds, bounds.length + 1);
        toInfinity[bounds.length] = Double.POSITIVE_INFINITY;
        long[] counts = new long[toInfinity.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = histogram.count(i);
        }
        return new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(toInfinity, counts), histogram.nanos() / 1e9,
                labels, Exemplars.EMPTY, 0);
    }
}
