package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistogramTest {
    private final SyncCounters counters = new SyncCounters(Instant.EPOCH);

    @Test
    void aBoundBelongsToItsBucket() {
        Histogram histogram = new Histogram(0.001, 0.002);
        for (long nanos : new long[]{-5, 0, 999_999, 1_000_000, 1_000_001, 2_000_000, 2_000_001, Long.MAX_VALUE / 4}) {
            histogram.record(nanos);
        }
        assertThat(IntStream.range(0, 3).mapToLong(histogram::count)).containsExactly(4L, 2L, 2L);
        assertThat(histogram.nanos()).isEqualTo(7_000_001L + Long.MAX_VALUE / 4);
    }

    @Test
    void syncsHaveKubeProxysBuckets() {
        double[] expected = {0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096,
                8.192, 16.384};
        assertThat(counters.all().bounds()).containsExactly(expected);
        assertThat(counters.full().bounds()).containsExactly(expected);
        assertThat(counters.partial().bounds()).containsExactly(expected);
    }

    @Test
    void programmingHasKubeProxysBuckets() {
        double[] bounds = counters.programming().bounds();
        assertThat(bounds).hasSize(2 + 59 + 12 + 7).startsWith(0.25, 0.5, 1, 2, 3)
                .endsWith(120, 150, 180, 210, 240, 270, 300);
        assertThat(Arrays.copyOfRange(bounds, 58, 75)).containsExactly(57, 58, 59, 60, 65, 70, 75, 80, 85, 90, 95, 100,
                105, 110, 115, 120, 150);
    }
}
