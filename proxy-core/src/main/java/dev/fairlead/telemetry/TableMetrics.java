package dev.fairlead.telemetry;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.balance.UpstreamCounters;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.telemetry.SeriesWriter.SeriesType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Reads the counters of every service and endpoint of the published table at a scrape; what has left the table is
 * simply not told any more. Written by ourselves: with ten thousand services this is nearly all of the text, and
 * Prometheus' library takes three times as long for it (decision 0024). Any thread.
 *
 * <p>
 * A cause that never occurred, an endpoint that nothing ever happened to and connect times of one that was never
 * connected to are left out: ten thousand services are mostly idle, and these would be nine tenths of the text.
 */
final class TableMetrics {
    /** Endpoints with series of their own: some twenty each. */
    static final int MOST_ENDPOINTS = 20_000;

    private static final Cause[] CAUSES = Cause.values();
    private static final LabelText[] CAUSE_LABELS = Arrays.stream(CAUSES)
            .map(cause -> LabelText.of("cause", cause.name())).toArray(LabelText[]::new);
    private static final LabelText UP = LabelText.of("direction", "up");
    private static final LabelText DOWN = LabelText.of("direction", "down");
    private static final LabelText[] BOUNDS = SeriesWriter.bounds(UpstreamCounters.connectBounds());

    private final PublishedTable table;
    private final Supplier<List<Upstream>> retiring;
    private final SessionMeters sessions;
    private Census census = Census.EMPTY;
    private final ToldEndpoints told = new ToldEndpoints(MOST_ENDPOINTS);

    TableMetrics(PublishedTable table, Supplier<List<Upstream>> retiring, SessionMeters sessions) {
        this.table = table;
        this.retiring = retiring;
        this.sessions = sessions;
    }

    void write(SeriesWriter out) throws IOException {
        Census now;
        List<ToldEndpoints.Member> endpoints;
        long leftOut;
        synchronized (this) {
            // Label text is worth keeping while table and retiring endpoints stay the same.
            census = census.refreshed(table.current(), retiring.get());
            now = census;
            endpoints = told.of(now);
            leftOut = told.leftOut();
        }
        services(now.services(), out);
        endpoints(endpoints, out);
        out.family("fairlead_endpoint_series_left_out", SeriesType.GAUGE,
                "Endpoints in use that have no series of their own, since " + MOST_ENDPOINTS + " others have");
        out.add(LabelText.NONE, leftOut);
        ended(out);
    }

    private static void services(List<Census.Service> services, SeriesWriter out) throws IOException {
        each(services, "fairlead_service_connections_accepted", SeriesType.COUNTER, "Connections that came in",
                service -> counters(service).accepted(), out);
        each(services, "fairlead_service_connections_open", SeriesType.GAUGE,
                "Connections that came in and are not over",
                service -> counters(service).open(), out);
        out.family("fairlead_service_connections_failed", SeriesType.COUNTER,
                "Connections that ended before they were relayed, by cause");
        for (Census.Service service : services) {
            causes(service.labels(), counters(service)::failures, out);
        }
        each(services, "fairlead_service_connections_tried_anyway", SeriesType.COUNTER,
                "Connections sent to an ejected endpoint because nothing else was left",
                service -> counters(service).triedAnyway(), out);
        each(services, "fairlead_service_endpoints", SeriesType.GAUGE, "Endpoints that new connections may go to",
                Census.Service::endpoints, out);
        List<Census.Service> limited = services.stream()
                .filter(service -> service.route().limit().available().isPresent()).toList();
        each(limited, "fairlead_service_limit_available", SeriesType.GAUGE,
                "New connections that the limit of connections per second would admit now",
                service -> service.route().limit().available().orElse(0), out);
    }

    private static ServiceCounters counters(Census.Service service) {
        return service.route().counters();
    }

    private static void each(List<Census.Service> services, String name, SeriesType type, String help,
            ToLongFunction<Census.Service> value, SeriesWriter out) throws IOException {
        out.family(name, type, help);
        for (Census.Service service : services) {
            out.add(service.labels(), value.applyAsLong(service));
        }
    }

    private static void endpoints(List<ToldEndpoints.Member> endpoints, SeriesWriter out) throws IOException {
        out.family("fairlead_connections_opened", SeriesType.COUNTER, "Connections made to the endpoint");
        for (ToldEndpoints.Member endpoint : endpoints) {
            out.add(endpoint.labels(), endpoint.upstream().counters().opened());
        }
        out.family("fairlead_connections_open", SeriesType.GAUGE, "Connections being made or relayed");
        for (ToldEndpoints.Member endpoint : endpoints) {
            out.add(endpoint.labels(), endpoint.upstream().inFlight());
        }
        out.family("fairlead_connections_failed", SeriesType.COUNTER,
                "Attempts to connect that failed and relayed connections that the endpoint broke off, by cause");
        for (ToldEndpoints.Member endpoint : endpoints) {
            causes(endpoint.labels(), endpoint.upstream().counters()::failures, out);
        }
        out.family("fairlead_endpoint_ejected", SeriesType.GAUGE,
                "1 while the endpoint takes no or only trial connections because it kept failing");
        for (ToldEndpoints.Member endpoint : endpoints) {
            out.add(endpoint.labels(), ejected(endpoint.upstream().gate().state()));
        }
        out.family("fairlead_bytes", SeriesType.COUNTER,
                "Bytes relayed: up is from client to endpoint, down is from endpoint to client");
        for (ToldEndpoints.Member endpoint : endpoints) {
            out.add(endpoint.labels(), DOWN, endpoint.upstream().counters().bytesDown());
            out.add(endpoint.labels(), UP, endpoint.upstream().counters().bytesUp());
        }
        connectTimes(endpoints, out);
    }

    private static void connectTimes(List<ToldEndpoints.Member> endpoints, SeriesWriter out) throws IOException {
        out.family("fairlead_connect_seconds", SeriesType.HISTOGRAM, "Time to connect to the endpoint");
        long[] counts = new long[BOUNDS.length + 1];
        for (ToldEndpoints.Member endpoint : endpoints) {
            UpstreamCounters counters = endpoint.upstream().counters();
            if (counters.opened() > 0) {
                for (int i = 0; i < counts.length; i++) {
                    counts[i] = counters.connectBucket(i);
                }
                out.histogram(endpoint.labels(), BOUNDS, counts, counters.connectNanos() / 1e9);
            }
        }
    }

    private static void causes(LabelText labels, ToLongFunction<Cause> count, SeriesWriter out) throws IOException {
        for (int i = 0; i < CAUSES.length; i++) {
            long failures = count.applyAsLong(CAUSES[i]);
            if (failures > 0) {
                out.add(labels, CAUSE_LABELS[i], failures);
            }
        }
    }

    private static int ejected(Gate.State state) {
        return switch (state) {
            case EJECTED, TRIAL -> 1;
            case ADMITS, SPARED -> 0;
        };
    }

    private void ended(SeriesWriter out) throws IOException {
        record Ended(LabelText labels, long count) {
        }
        List<Ended> all = new ArrayList<>();
        sessions.forEach((how, count) -> all.add(new Ended(LabelText.of("cause", how.cause().name(), "phase",
                how.phase().name(), "side", how.side().name()), count)));
        out.family("fairlead_connections_ended", SeriesType.COUNTER,
                "Connections that are over, by who ended them, how far they had come, and why");
        for (Ended one : all) {
            out.add(one.labels(), one.count());
        }
    }
}
