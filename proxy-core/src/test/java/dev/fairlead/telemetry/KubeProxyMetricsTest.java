package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.control.Progress;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Ports;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.Readiness;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.source.ChangeObserver.Kind;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.transport.ManualTicker;
import dev.fairlead.transport.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What kube-proxy's dashboards ask for. */
class KubeProxyMetricsTest {
    private static final Instant START = Instant.parse("2026-11-23T17:20:31.500Z");

    private final ManualTicker ticker = new ManualTicker(START);
    private final Progress progress = new Progress(ticker);
    private final ApiCallMeters calls = new ApiCallMeters(Ticker.SYSTEM);
    private ServiceSnapshot snapshot = ServiceSnapshot.EMPTY;
    private int asked;
    private final Metrics metrics = new Metrics(new PublishedTable(), List::of, new SessionMeters(), Vitals.QUIET,
            new KubeProxyMeters(progress, this::snapshot, new ProbeMeters(), calls));

    private ServiceSnapshot snapshot() {
        asked++;
        return snapshot;
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    private String text() {
        return Fleet.scraped(metrics);
    }

    private Exposition scrape() {
        return Exposition.parse(text());
    }

    @Test
    void everyMetricHasKubeProxysNameAndType() {
        assertThat(scrape().types()).containsEntry("kubeproxy_sync_proxy_rules_duration_seconds", "histogram")
                .containsEntry("kubeproxy_sync_full_proxy_rules_duration_seconds", "histogram")
                .containsEntry("kubeproxy_sync_partial_proxy_rules_duration_seconds", "histogram")
                .containsEntry("kubeproxy_network_programming_duration_seconds", "histogram")
                .containsEntry("fairlead_propagation_seconds", "histogram")
                .containsEntry("kubeproxy_sync_proxy_rules_last_timestamp_seconds", "gauge")
                .containsEntry("kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds", "gauge")
                .containsEntry("kubeproxy_sync_proxy_rules_endpoint_changes_pending", "gauge")
                .containsEntry("kubeproxy_sync_proxy_rules_endpoint_changes_total", "counter")
                .containsEntry("kubeproxy_sync_proxy_rules_service_changes_pending", "gauge")
                .containsEntry("kubeproxy_sync_proxy_rules_service_changes_total", "counter")
                .containsEntry("kubeproxy_sync_proxy_rules_no_local_endpoints_total", "gauge");
    }

    @Test
    void beforeAnythingHappenedAllIsZero() {
        Exposition text = scrape();
        assertThat(text.samples().entrySet())
                .filteredOn(sample -> sample.getKey().name().startsWith("kubeproxy_")).isNotEmpty()
                .allSatisfy(sample -> assertThat(sample.getValue()).isZero());
    }

    @Test
    void changesAreCountedAndPending() {
        progress.seen(Kind.SERVICE);
        progress.seen(Kind.ENDPOINTS);
        progress.seen(Kind.ENDPOINTS);
        progress.seen(Kind.NODE);
        Exposition text = scrape();
        assertThat(text.value("kubeproxy_sync_proxy_rules_service_changes_total")).contains(1.0);
        assertThat(text.value("kubeproxy_sync_proxy_rules_service_changes_pending")).contains(1.0);
        assertThat(text.value("kubeproxy_sync_proxy_rules_endpoint_changes_total")).contains(2.0);
        assertThat(text.value("kubeproxy_sync_proxy_rules_endpoint_changes_pending")).contains(2.0);
        assertThat(text.value("kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds")).contains(1795454431.5);
        progress.cameToNothing();
        ticker.advance(Duration.ofSeconds(1));
        text = scrape();
        assertThat(text.value("kubeproxy_sync_proxy_rules_endpoint_changes_total")).contains(2.0);
        assertThat(text.value("kubeproxy_sync_proxy_rules_endpoint_changes_pending")).contains(0.0);
        assertThat(text.value("kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds")).contains(1795454431.5);
    }

    @Test
    void callsOfTheKubernetesApiAreCountedAsClientGoDoes() {
        assertThat(scrape().types()).doesNotContainKey("rest_client_requests_total");
        calls.answered("GET", "10.0.0.1:6443", "200", 20_000_000);
        calls.answered("GET", "10.0.0.1:6443", "200", 25_000_001);
        calls.answered("GET", "10.0.0.1:6443", ApiCalls.NO_ANSWER, 70_000_000_000L);
        calls.answered("PATCH", "10.0.0.1:6443", "403", 1_000_000);
        Exposition text = scrape();
        assertThat(text.value("rest_client_requests_total", "code", "200", "method", "GET", "host", "10.0.0.1:6443"))
                .contains(2.0);
        assertThat(text.value("rest_client_requests_total", "code", "<error>", "method", "GET", "host",
                "10.0.0.1:6443")).contains(1.0);
        assertThat(text.value("rest_client_requests_total", "code", "403", "method", "PATCH", "host",
                "10.0.0.1:6443")).contains(1.0);
        String seconds = "rest_client_request_duration_seconds";
        assertThat(bounds(text, seconds, "GET")).containsExactly("0.005", "0.025", "0.1", "0.25", "0.5", "1.0", "2.0",
                "4.0", "8.0", "15.0", "30.0", "60.0", "+Inf");
        assertThat(text.value(seconds + "_bucket", "verb", "GET", "host", "10.0.0.1:6443", "le", "0.025"))
                .contains(1.0);
        assertThat(text.value(seconds + "_bucket", "verb", "GET", "host", "10.0.0.1:6443", "le", "60.0"))
                .contains(2.0);
        assertThat(text.value(seconds + "_count", "verb", "GET", "host", "10.0.0.1:6443")).contains(3.0);
        assertThat(text.value(seconds + "_sum", "verb", "PATCH", "host", "10.0.0.1:6443")).contains(0.001);
    }

    private static List<String> bounds(Exposition text, String family, String verb) {
        return text.named(family + "_bucket").stream().filter(series -> verb.equals(series.labels().get("verb")))
                .map(series -> series.labels().getOrDefault("le", "")).toList();
    }

    @Test
    void portsUnderPolicyLocalWithoutAnEndpointHereAreCountedByPolicy() {
        Endpoint here = endpoint("10.1.0.1:80", "one", Readiness.READY);
        Endpoint there = endpoint("10.1.0.2:80", "two", Readiness.READY);
        Endpoint draining = endpoint("10.1.0.3:80", "two", Readiness.DRAINING);
        Endpoint unready = endpoint("10.1.0.4:80", "two", Readiness.NOT_READY);
        TrafficPolicy cluster = TrafficPolicy.CLUSTER;
        TrafficPolicy local = TrafficPolicy.LOCAL;
        List<ServicePort> ports = new ArrayList<>();
        ports.add(port("a", local, cluster, FrontendKind.CLUSTER_IP, there));
        ports.add(port("b", local, cluster, FrontendKind.CLUSTER_IP, draining));
        ports.add(port("c", local, cluster, FrontendKind.CLUSTER_IP, here, there));
        ports.add(port("d", local, cluster, FrontendKind.CLUSTER_IP, unready));
        ports.add(port("e", local, cluster, FrontendKind.CLUSTER_IP));
        ports.add(port("f", cluster, local, FrontendKind.LOAD_BALANCER, there));
        ports.add(port("g", cluster, local, FrontendKind.CLUSTER_IP, there));
        ports.add(port("h", local, local, FrontendKind.LOAD_BALANCER, there));
        ports.add(port("i", cluster, cluster, FrontendKind.LOAD_BALANCER, there));
        snapshot = of(ports);
        assertThat(noLocal("internal")).contains(3.0);
        assertThat(noLocal("external")).contains(2.0);
        snapshot = of(List.of());
        assertThat(noLocal("internal")).contains(0.0);
        assertThat(noLocal("external")).contains(0.0);
        assertThat(asked).isEqualTo(4);
    }

    private Optional<Double> noLocal(String policy) {
        return scrape().value("kubeproxy_sync_proxy_rules_no_local_endpoints_total", "traffic_policy", policy);
    }

    @Test
    void thatCountIsMadeOncePerSnapshot() {
        snapshot = of(List.of(port("a", TrafficPolicy.LOCAL, TrafficPolicy.CLUSTER, FrontendKind.CLUSTER_IP,
                endpoint("10.1.0.2:80", "two", Readiness.READY))));
        NoLocalEndpoints count = NoLocalEndpoints.NONE.refreshed(snapshot);
        assertThat(count.internal()).isEqualTo(1);
        assertThat(count.refreshed(snapshot)).isSameAs(count);
        assertThat(count.refreshed(of(List.of())).internal()).isZero();
    }

    private static ServiceSnapshot of(List<ServicePort> ports) {
        return new ServiceSnapshot(new NodeIdentity(Optional.of("one"), Optional.empty(), List.of()),
                ClusterNetwork.UNKNOWN, ports, List.of(), List.of());
    }

    private static Endpoint endpoint(String address, String node, Readiness readiness) {
        return new Endpoint(IpPort.of(address), readiness == Readiness.READY, readiness != Readiness.NOT_READY,
                readiness == Readiness.DRAINING, Optional.of(node), Set.of(), Set.of());
    }

    private static ServicePort port(String name, TrafficPolicy internal, TrafficPolicy external, FrontendKind kind,
            Endpoint... endpoints) {
        List<Frontend> frontends = List.of(new Frontend(kind, Protocol.TCP, IpPort.of("192.0.2.1:80")));
        return new ServicePort(Fleet.service("default/" + name), Ports.addresses(frontends), frontends,
                List.of(endpoints), internal, external, SessionAffinity.NONE, List.of(), 0, ServicePolicy.DEFAULTS);
    }

    @Test
    void theProcessIsToldAsGoProcessesTellIt() {
        Exposition text = scrape();
        assertThat(text.types()).containsEntry("process_cpu_seconds_total", "counter")
                .containsEntry("process_resident_memory_bytes", "gauge").containsEntry("process_open_fds", "gauge")
                .containsEntry("process_max_fds", "gauge").containsEntry("process_start_time_seconds", "gauge");
        assertThat(text.value("process_cpu_seconds_total").orElseThrow()).isBetween(0.01, 100_000.0);
        assertThat(text.value("process_resident_memory_bytes").orElseThrow()).isBetween(10e6, 100e9);
        assertThat(text.value("process_open_fds").orElseThrow()).isBetween(3.0,
                text.value("process_max_fds").orElseThrow());
        assertThat(text.value("process_start_time_seconds").orElseThrow()).isGreaterThan(1.7e9);
    }

    @Test
    void everyOneIsExplained() {
        calls.answered("GET", "10.0.0.1:6443", "200", 1);
        String text = text();
        assertThat(Exposition.parse(text).types().keySet())
                .filteredOn(name -> name.startsWith("kubeproxy_") || name.startsWith("rest_client_")
                        || name.startsWith("process_"))
                .hasSizeGreaterThan(15).allSatisfy(name -> assertThat(text).containsPattern("# HELP " + name + " \\S"));
    }
}
