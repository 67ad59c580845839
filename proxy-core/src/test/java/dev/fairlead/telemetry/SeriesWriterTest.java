package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.telemetry.SeriesWriter.SeriesType;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SeriesWriterTest {
    private static final double[] BOUNDS = {0.0005, 0.001, 2.5, 10};
    private static final double[] TO_INFINITY = {0.0005, 0.001, 2.5, 10, Double.POSITIVE_INFINITY};
    private static final long[] COUNTS = {3, 0, 4, 1, 2};
    private static final String ODD = "a\\b\"c\nd\t{é}";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private String written(SeriesWriter writer) throws IOException {
        writer.flush();
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Prometheus' own library is the measure; numbers may be written in another way. */
    @ParameterizedTest
    @EnumSource(MetricsText.class)
    void theTextIsThatOfTheLibrary(MetricsText form) throws Exception {
        SeriesWriter writer = new SeriesWriter(out, form);
        writer.family("t_bytes", SeriesType.COUNTER, "Bytes relayed");
        writer.add(LabelText.of("a", ODD), LabelText.of("b", "up"), 7);
        writer.family("t_empty", SeriesType.GAUGE, "Nobody has any");
        writer.family("t_open", SeriesType.GAUGE, "Open: now");
        writer.add(LabelText.NONE, 9_007_199_254_740_993L);
        writer.add(LabelText.NONE, LabelText.of("a", ""), -3);
        writer.family("t_seconds", SeriesType.HISTOGRAM, "Time");
        writer.histogram(LabelText.of("a", "x"), SeriesWriter.bounds(BOUNDS), COUNTS, 1.25e-5);

        assertThat(normal(written(writer) + (form == MetricsText.OPENMETRICS ? "# EOF\n" : "")))
                .isEqualTo(normal(ofTheLibrary(form)));
    }

    private static String ofTheLibrary(MetricsText form) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        ExpositionFormats.init().findWriter(form.contentType()).write(text, MetricSnapshots.of(
                new CounterSnapshot(new MetricMetadata("t_bytes", "Bytes relayed"),
                        List.of(new CounterDataPointSnapshot(7, Labels.of("a", ODD, "b", "up"), null, 0))),
                new GaugeSnapshot(new MetricMetadata("t_empty", "Nobody has any"), List.of()),
                new GaugeSnapshot(new MetricMetadata("t_open", "Open: now"),
                        List.of(new GaugeDataPointSnapshot(9_007_199_254_740_993L, Labels.EMPTY, null, 0),
                                new GaugeDataPointSnapshot(-3, Labels.of("a", ""), null, 0))),
                new HistogramSnapshot(new MetricMetadata("t_seconds", "Time"),
                        List.of(new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(TO_INFINITY, COUNTS), 1.25e-5,
                                Labels.of("a", "x"), Exemplars.EMPTY, 0)))),
                EscapingScheme.DEFAULT);
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Each number as Java writes it. */
    private static List<String> normal(String text) {
        return text.lines().map(line -> {
            if (line.startsWith("#")) {
                return line;
            }
            int space = line.lastIndexOf(' ');
            return line.substring(0, space) + " "
                    + Double.parseDouble(line.substring(space + 1));
        }).toList();
    }

    @Test
    void whatIsLongerThanTheBatchIsWholeAsWell() throws Exception {
        Random random = new Random(7);
        SeriesWriter writer = new SeriesWriter(out, MetricsText.PROMETHEUS);
        writer.family("t_open", SeriesType.GAUGE, "Open");
        StringBuilder expected = new StringBuilder("# HELP t_open Open\n# TYPE t_open gauge\n");
        for (int i = 0; i < 200; i++) {
            String value = "v".repeat(random.nextInt(i % 50 == 0 ? 300_000 : 4000));
            writer.add(LabelText.of("a", value), i);
            expected.append("t_open{a=\"").append(value).append("\"} ").append(i).append('\n');
        }
        assertThat(written(writer)).isEqualTo(expected.toString());
    }
}
