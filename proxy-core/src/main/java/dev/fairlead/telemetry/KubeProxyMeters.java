package dev.fairlead.telemetry;

import dev.fairlead.control.Progress;
import dev.fairlead.model.ServiceSnapshot;
import java.util.function.Supplier;

/**
 * Where the metrics come from that kube-proxy's dashboards and alerts ask for. Read at a scrape.
 *
 * @param snapshot the one in force
 */
public record KubeProxyMeters(Progress progress, Supplier<ServiceSnapshot> snapshot, ProbeMeters probes,
        ApiCallMeters calls) {
}
