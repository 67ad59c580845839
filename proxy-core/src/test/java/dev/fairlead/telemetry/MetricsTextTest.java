package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTextTest {
    @ParameterizedTest
    @CsvSource({"'', PROMETHEUS", "*/*, PROMETHEUS", "text/plain, PROMETHEUS", "text/html, PROMETHEUS",
            "application/openmetrics-text, OPENMETRICS", "application/*, OPENMETRICS",
            "APPLICATION/OpenMetrics-Text; version=1.0.0, OPENMETRICS",
            "'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3', OPENMETRICS",
            "'application/openmetrics-text;q=0.2,text/plain;q=0.3', PROMETHEUS",
            "'application/openmetrics-text;q=0,*/*', PROMETHEUS", "'text/plain;q=0,*/*;q=0.1', OPENMETRICS",
            "'application/openmetrics-text,text/plain', PROMETHEUS", "'text/plain;q=nonsense', PROMETHEUS"})
    void thePreferredOneIsServed(String accept, MetricsText form) {
        assertThat(MetricsText.preferred(accept)).isEqualTo(form);
    }
}
