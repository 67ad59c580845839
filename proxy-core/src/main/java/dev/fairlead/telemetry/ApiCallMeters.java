package dev.fairlead.telemetry;

import dev.fairlead.control.Histogram;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.transport.Ticker;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the Kubernetes API is asked, under the names and buckets of client-go. Any thread. */
public final class ApiCallMeters implements ApiCalls {
    // k8s.io/component-base/metrics/prometheus/restclient.
    private static final double[] BOUNDS = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};

    private record Call(String code, String host, String method) {
    }

    private record Verb(String host, String method) {
    }

    private final Ticker ticker;
    private volatile long heardEpochMillis;
    private final Map<Call, LongAdder> calls = new ConcurrentHashMap<>();
    private final Map<Verb, Histogram> times = new ConcurrentHashMap<>();

    public ApiCallMeters(Ticker ticker) {
        this.ticker = ticker;
    }

    /** When the API answered last, if it ever did. */
    public Optional<Instant> heard() {
        return heardEpochMillis == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(heardEpochMillis));
    }

    @Override
    public void answered(String method, String host, String code, long nanos) {
        if (!code.equals(NO_ANSWER)) {
            heardEpochMillis = ticker.epochMillis();
        }
        calls.computeIfAbsent(new Call(code, host, method), _ -> new LongAdder()).increment();
        times.computeIfAbsent(new Verb(host, method), _ -> new Histogram(BOUNDS)).record(nanos);
    }

    /** Adds its metrics; nothing where nobody asked. */
    void collect(List<MetricSnapshot> all) {
        if (calls.isEmpty()) {
            return;
        }
        Series requests = new Series("rest_client_requests",
                "Calls of the Kubernetes API, by method, host and the answer's status");
        calls.forEach((call, count) -> requests.add(
                Labels.of("code", call.code(), "host", call.host(), "method", call.method()), count.sum()));
        all.add(requests.counter());
        List<HistogramDataPointSnapshot> points = new ArrayList<>();
        times.forEach((verb, took) -> points
                .add(Timings.point(took, Labels.of("host", verb.host(), "verb", verb.method()))));
        all.add(new HistogramSnapshot(
                new MetricMetadata("rest_client_request_duration_seconds",
                        "How long calls of the Kubernetes API took, by method and host"),
                points));
    }
}
