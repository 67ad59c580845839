package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Upstream;
import dev.fairlead.control.Progress;
import dev.fairlead.forward.SessionSummary;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.Termination;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.table.ServiceCounters;
import dev.fairlead.telemetry.ProbeMeters.Probe;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** docs/metrics.md tells each metric of ours that a scrape can have, and no other. */
class MetricsDocumentTest {
    private static final String BEGINNING = """
            # Metrics

            `/metrics` at the admin address, and at `metricsBindAddress`: the Prometheus text format, or OpenMetrics 1.0 where the request's
            Accept header prefers it. A test compares this list with a scrape in which everything has happened.

            An endpoint has series from its first connection on until it has left; 20,000 endpoints at most have them at a time, and
            `fairlead_endpoint_series_left_out` says how many more would. Causes are the words of [the access log](access-log.md#why).
            Beside these there are `jvm_*`, `system_*` and `process_*` of micrometer's binders (memory, garbage collection, threads, processors,
            files, uptime). The metrics of kube-proxy keep its names.
            [Dashboard and alerts](monitoring.md) use them.

            | name | type | labels | says |
            |---|---|---|---|
            """;
    private static final ServicePortName WEB = Fleet.service("default/web:http");

    private static String scrape() {
        PublishedTable table = new PublishedTable();
        SessionMeters sessions = new SessionMeters();
        ApiCallMeters calls = new ApiCallMeters(Ticker.SYSTEM);
        ProbeMeters probes = new ProbeMeters();
        ServiceCounters counters = new ServiceCounters();
        Upstream upstream = Fleet.upstream(WEB, "10.1.0.1:8080");
        table.publish(new RoutingTable(1,
                List.of(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", Fleet.limit(1), counters,
                        upstream))));
        upstream.counters().connected(1);
        upstream.counters().failed(Cause.REFUSED, 1);
        counters.connectionFailed(Cause.NO_ENDPOINT);
        sessions.ended(new SessionSummary(Optional.empty(), IpPort.of("10.1.2.3:5"),
                TransportAddress.tcp(IpPort.of("10.96.0.10:80")), Optional.empty(), "", List.of(), 0, 0, 0, 0, 0,
                new Termination(Side.CLIENT, Phase.RELAY, Cause.FIN)));
        calls.answered("GET", "api:443", "200", 1);
        probes.answered(Probe.HEALTHZ, 200);
        probes.answered(Probe.LIVEZ, 200);
        try (Metrics metrics = new Metrics(table, List::of, sessions, Vitals.QUIET,
                new KubeProxyMeters(new Progress(Ticker.SYSTEM), () -> ServiceSnapshot.EMPTY, probes, calls))) {
            return Fleet.scraped(metrics);
        }
    }

    private static boolean ours(String name) {
        return name.startsWith("fairlead_") || name.startsWith("kubeproxy_") || name.startsWith("rest_client_")
                || List.of("process_open_fds", "process_max_fds", "process_cpu_seconds_total",
                        "process_resident_memory_bytes").contains(name);
    }

    @Test
    void theDocumentIsWhatAScrapeTells() throws IOException {
        String scraped = scrape();
        Exposition text = Exposition.parse(scraped);
        Map<String, String> rows = new TreeMap<>();
        text.types().forEach((name, type) -> {
            if (ours(name)) {
                TreeSet<String> labels = new TreeSet<>();
                text.samples().keySet().stream().filter(series -> series.name().equals(name)
                        || (type.equals("histogram") && series.name().equals(name + "_count")))
                        .forEach(series -> labels.addAll(series.labels().keySet()));
                String help = scraped.lines().filter(line -> line.startsWith("# HELP " + name + " ")).findFirst()
                        .orElseThrow().substring(("# HELP " + name + " ").length());
                rows.put(name,
                        "| `" + name + "` | " + type + " | " + String.join(", ", labels) + " | " + help + " |\n");
            }
        });
        assertThat(rows).hasSizeGreaterThan(40);
        String document = BEGINNING + String.join("", rows.values());
        Path file = Path.of("../docs/metrics.md");
        if (System.getProperty("fairlead.goldens", "").equals("write")) {
            Files.writeString(file, document);
        }

        assertThat(Files.readString(file)).isEqualTo(document);
    }
}
