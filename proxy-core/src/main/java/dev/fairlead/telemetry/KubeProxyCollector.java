package dev.fairlead.telemetry;

import dev.fairlead.control.Progress;
import dev.fairlead.control.SyncCounters;
import dev.fairlead.source.ChangeObserver.Kind;
import dev.fairlead.telemetry.ProbeMeters.Door;
import dev.fairlead.telemetry.ProbeMeters.Probe;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * kube-proxy's metrics (pkg/proxy/metrics/metrics.go), as far as they mean something here: those of the kernel's rules
 * and of connection tracking do not. Without a label {@code ip_family}, since one thread does both families at once.
 */
final class KubeProxyCollector implements MultiCollector {
    private final KubeProxyMeters meters;
    private NoLocalEndpoints noLocal = NoLocalEndpoints.NONE;

    KubeProxyCollector(KubeProxyMeters meters) {
        this.meters = meters;
    }

    @Override
    public MetricSnapshots collect() {
        List<MetricSnapshot> all = new ArrayList<>();
        Progress progress = meters.progress();
        syncs(progress.syncs(), all);
        all.add(gauge("kubeproxy_sync_proxy_rules_last_timestamp_seconds",
                "Unix time when something came into force last, 0 where nothing did yet",
                seconds(progress.lastInForce())));
        all.add(gauge("kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds",
                "Unix time when a change was seen last, 0 where none was yet", seconds(progress.lastQueued())));
        changes("service", "Services", Kind.SERVICE, all);
        changes("endpoint", "EndpointSlices", Kind.ENDPOINTS, all);
        all.add(noLocal());
        all.add(probe("kubeproxy_proxy_healthz", "Answers of /healthz, by HTTP status", Probe.HEALTHZ));
        all.add(probe("kubeproxy_proxy_livez", "Answers of /livez, by HTTP status", Probe.LIVEZ));
        Series failing = new Series("fairlead_bind_address_failing",
                "1 while healthzBindAddress, metricsBindAddress or a health check node port should be open and cannot be");
        for (Door door : Door.values()) {
            failing.add(Labels.of("address", door.toString()), meters.probes().failing(door) ? 1 : 0);
        }
        all.add(failing.gauge());
        meters.calls().collect(all);
        return new MetricSnapshots(all);
    }

    private static void syncs(SyncCounters syncs, List<MetricSnapshot> all) {
        all.add(Timings.metric("kubeproxy_sync_proxy_rules_duration_seconds",
                "Time to bring a snapshot of the services into force", syncs.all()));
        all.add(Timings.metric("kubeproxy_sync_full_proxy_rules_duration_seconds",
                "The same for the first snapshot and where the node is another", syncs.full()));
        all.add(Timings.metric("kubeproxy_sync_partial_proxy_rules_duration_seconds", "The same for all others",
                syncs.partial()));
        all.add(Timings.metric("kubeproxy_network_programming_duration_seconds",
                "Time from a pod's or Service's change, as the slice controller noted it, to its being in force here",
                syncs.programming()));
        all.add(Timings.metric("fairlead_plan_seconds",
                "Time from a snapshot of the services to the plan that it wants",
                syncs.plans()));
        all.add(Timings.metric("fairlead_apply_seconds",
                "Time to carry a plan out: to make and publish the table, to open and to close doors", syncs.steps()));
        all.add(Timings.metric("fairlead_propagation_seconds",
                "Time from the first change that a source read to its being in force, with those that came with it",
                syncs.propagation()));
    }

    private void changes(String name, String objects, Kind kind, List<MetricSnapshot> all) {
        all.add(gauge("kubeproxy_sync_proxy_rules_" + name + "_changes_pending",
                "Changes of " + objects + " that were seen and are not in force",
                (double) meters.progress().pending(kind)));
        Series total = new Series("kubeproxy_sync_proxy_rules_" + name + "_changes",
                "Changes of " + objects + " that were seen");
        total.add(Labels.EMPTY, meters.progress().total(kind));
        all.add(total.counter());
    }

    private MetricSnapshot noLocal() {
        NoLocalEndpoints count;
        synchronized (this) {
            noLocal = noLocal.refreshed(meters.snapshot().get());
            count = noLocal;
        }
        Series series = new Series("kubeproxy_sync_proxy_rules_no_local_endpoints_total",
                "Service ports under policy Local that have endpoints and none that this node may use");
        series.add(Labels.of("traffic_policy", "external"), count.external());
        series.add(Labels.of("traffic_policy", "internal"), count.internal());
        return series.gauge();
    }

    private MetricSnapshot probe(String name, String help, Probe probe) {
        Series series = new Series(name, help);
        meters.probes().forEach(probe, (status, count) -> series.add(Labels.of("code", status.toString()), count));
        return series.counter();
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        Series series = new Series(name, help);
        series.add(Labels.EMPTY, value);
        return series.gauge();
    }

    private static double seconds(Optional<Instant> time) {
        return time.map(instant -> instant.toEpochMilli() / 1e3).orElse(0.0);
    }
}
