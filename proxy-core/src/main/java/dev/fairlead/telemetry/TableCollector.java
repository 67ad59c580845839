package dev.fairlead.telemetry;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.balance.UpstreamCounters;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.ServiceCounters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Reads the counters of every service and endpoint of the published table at a scrape; what has left the table is
 * simply not told any more.
 *
 * <p>
 * A cause that never occurred, an endpoint that nothing ever happened to and connect times of one that was never
 * connected to are left out: ten thousand services are mostly idle, and these would be nine tenths of the text.
 */
final class TableCollector implements MultiCollector {
    /** Endpoints with series of their own: some twenty each. */
    static final int MOST_ENDPOINTS = 20_000;

    private static final Cause[] CAUSES = Cause.values();
    private static final double[] BOUNDS = boundsToInfinity();

    private final PublishedTable table;
    private final Supplier<List<Upstream>> retiring;
    private final SessionMeters sessions;
    private Census census = Census.EMPTY;
    private final ToldEndpoints told = new ToldEndpoints(MOST_ENDPOINTS);

    TableCollector(PublishedTable table, Supplier<List<Upstream>> retiring, SessionMeters sessions) {
        this.table = table;
        this.retiring = retiring;
        this.sessions = sessions;
    }

    @Override
    public MetricSnapshots collect() {
        Census now = census();
        List<MetricSnapshot> all = new ArrayList<>();
        services(now.services(), all);
        List<ToldEndpoints.Member> endpoints;
        long leftOut;
        synchronized (this) {
            endpoints = told.of(now);
            leftOut = told.leftOut();
        }
        endpoints(endpoints, all);
        Series out = new Series("fairlead_endpoint_series_left_out",
                "Endpoints in use that have no series of their own, since " + MOST_ENDPOINTS + " others have");
        out.add(Labels.EMPTY, leftOut);
        all.add(out.gauge());
        Series ended = new Series("fairlead_connections_ended",
                "Connections that are over, by who ended them, how far they had come, and why");
        sessions.forEach((how, count) -> ended.add(Labels.of("cause", how.cause().name(), "phase", how.phase().name(),
                "side", how.side().name()), count));
        all.add(ended.counter());
        return new MetricSnapshots(all);
    }

    // Labels are worth keeping while table and retiring endpoints stay the same: making them costs more than reading.
    private synchronized Census census() {
        census = census.refreshed(table.current(), retiring.get());
        return census;
    }

    private static void services(List<Census.Service> services, List<MetricSnapshot> all) {
        Series accepted = new Series("fairlead_service_connections_accepted", "Connections that came in");
        Series open = new Series("fairlead_service_connections_open", "Connections that came in and are not over");
        Series failed = new Series("fairlead_service_connections_failed",
                "Connections that ended before they were relayed, by cause");
        Series anyway = new Series("fairlead_service_connections_tried_anyway",
                "Connections sent to an ejected endpoint because nothing else was left");
        Series usable = new Series("fairlead_service_endpoints", "Endpoints that new connections may go to");
        Series permits = new Series("fairlead_service_limit_available",
                "New connections that the limit of connections per second would admit now");
        for (Census.Service service : services) {
            ServiceCounters counters = service.route().counters();
            Labels labels = service.labels();
            accepted.add(labels, counters.accepted());
            open.add(labels, counters.open());
            causes(labels, counters::failures, failed);
            anyway.add(labels, counters.triedAnyway());
            usable.add(labels, service.endpoints());
            service.route().limit().available().ifPresent(available -> permits.add(labels, available));
        }
        all.addAll(List.of(accepted.counter(), open.gauge(), failed.counter(), anyway.counter(), usable.gauge(),
                permits.gauge()));
    }

    private static void endpoints(List<ToldEndpoints.Member> endpoints, List<MetricSnapshot> all) {
        Series opened = new Series("fairlead_connections_opened", "Connections made to the endpoint");
        Series open = new Series("fairlead_connections_open", "Connections being made or relayed");
        Series failed = new Series("fairlead_connections_failed",
                "Attempts to connect that failed and relayed connections that the endpoint broke off, by cause");
        Series ejected = new Series("fairlead_endpoint_ejected",
                "1 while the endpoint takes no or only trial connections because it kept failing");
        List<HistogramDataPointSnapshot> connect = new ArrayList<>(endpoints.size());
        for (ToldEndpoints.Member endpoint : endpoints) {
            Labels labels = endpoint.labels();
            UpstreamCounters counters = endpoint.upstream().counters();
            opened.add(labels, counters.opened());
            open.add(labels, endpoint.upstream().inFlight());
            causes(labels, counters::failures, failed);
            ejected.add(labels, ejected(endpoint.upstream().gate().state()));
            if (counters.opened() > 0) {
                connect.add(connectTimes(counters, labels));
            }
        }
        all.addAll(List.of(opened.counter(), open.gauge(), failed.counter(), ejected.gauge(),
                bytes(endpoints), new HistogramSnapshot(
                        new MetricMetadata("fairlead_connect_seconds", "Time to connect to the endpoint"), connect)));
    }

    private static MetricSnapshot bytes(List<ToldEndpoints.Member> endpoints) {
        Series bytes = new Series("fairlead_bytes",
                "Bytes relayed: up is from client to endpoint, down is from endpoint to client");
        // One direction after the other: that is the order of the labels, so that nothing has to be sorted.
        endpoints.forEach(endpoint -> bytes.add(endpoint.down(), endpoint.upstream().counters().bytesDown()));
        endpoints.forEach(endpoint -> bytes.add(endpoint.up(), endpoint.upstream().counters().bytesUp()));
        return bytes.counter();
    }

    private static void causes(Labels labels, ToLongFunction<Cause> count, Series series) {
        for (Cause cause : CAUSES) {
            long failures = count.applyAsLong(cause);
            if (failures > 0) {
                series.add(labels.add("cause", cause.name()), failures);
            }
        }
    }

    private static int ejected(Gate.State state) {
        return switch (state) {
            case EJECTED, TRIAL -> 1;
            case ADMITS, SPARED -> 0;
        };
    }

    private static HistogramDataPointSnapshot connectTimes(UpstreamCounters counters, Labels labels) {
        long[] counts = new long[BOUNDS.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = counters.connectBucket(i);
        }
        return new HistogramDataPointSnapshot(ClassicHistogramBuckets.of(BOUNDS, counts),
                counters.connectNanos() / 1e9, labels, Exemplars.EMPTY, 0);
    }

    private static double[] boundsToInfinity() {
        double[] bounds = UpstreamCounters.connectBounds();
        double[] all = Arrays.copyOf(bounds, bounds.length + 1);
        all[bounds.length] = Double.POSITIVE_INFINITY;
        return all;
    }
}
