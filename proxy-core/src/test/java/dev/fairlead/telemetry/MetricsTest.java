package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.Gate;
import dev.fairlead.balance.Upstream;
import dev.fairlead.balance.UpstreamCounters;
import dev.fairlead.forward.SessionSummary;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.Route;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.table.ServiceCounters;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsTest {
    private static final ServicePortName WEB = Fleet.service("default/web:http");

    private final PublishedTable table = new PublishedTable();
    private final List<Upstream> retiring = new ArrayList<>();
    private final SessionMeters sessions = new SessionMeters();
    private final ServiceCounters counters = new ServiceCounters();
    private Metrics metrics = new Metrics(table, () -> List.copyOf(retiring), sessions, Vitals.QUIET, Fleet.quiet());

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

    private void publish(Route... routes) {
        table.publish(new RoutingTable(table.current().revision() + 1, List.of(routes)));
    }

    private static String[] of(String endpoint, String... more) {
        List<String> labels = new ArrayList<>(
                List.of("namespace", "default", "service", "web", "port", "http", "protocol", "TCP", "endpoint",
                        endpoint));
        labels.addAll(List.of(more));
        return labels.toArray(String[]::new);
    }

    private static String[] ofService(String... more) {
        List<String> labels = new ArrayList<>(
                List.of("namespace", "default", "service", "web", "port", "http", "protocol", "TCP", "family", "IPv4"));
        labels.addAll(List.of(more));
        return labels.toArray(String[]::new);
    }

    @Test
    void metersMadeInTheBackgroundAreTheSame() {
        String names = names(text());

        metrics = new Metrics(table, () -> List.copyOf(retiring), sessions, Vitals.QUIET, Fleet.quiet());
        metrics.prepare();

        assertThat(names(text())).isEqualTo(names);
    }

    /** Something has happened to it, if not much: else it is not told. */
    private static Upstream used(ServicePortName service, String address) {
        return used(service, address, Gate.State.ADMITS);
    }

    private static Upstream used(ServicePortName service, String address, Gate.State state) {
        Upstream upstream = Fleet.upstream(service, address, state);
        upstream.counters().relayed(0, 0);
        return upstream;
    }

    private static String names(String exposition) {
        return exposition.lines().filter(line -> line.startsWith("# TYPE")).collect(Collectors.joining("\n"));
    }

    @Test
    void anEndpointsCountersAreReadAtEveryScrape() {
        Upstream upstream = used(WEB, "10.1.0.9:8080");
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters, upstream));
        String[] labels = of("10.1.0.9:8080");
        assertThat(scrape().value("fairlead_connections_opened_total", labels)).contains(0.0);

        upstream.enter();
        upstream.enter();
        upstream.leave();
        upstream.counters().connected(1_000_000);
        upstream.counters().connected(2_000_000);
        upstream.counters().failed(Cause.REFUSED, 1);
        upstream.counters().relayed(120, 4096);
        Exposition after = scrape();
        assertThat(after.value("fairlead_connections_opened_total", labels)).contains(2.0);
        assertThat(after.value("fairlead_connections_open", labels)).contains(1.0);
        assertThat(after.value("fairlead_connections_failed_total", of("10.1.0.9:8080", "cause", "REFUSED")))
                .contains(1.0);
        assertThat(after.value("fairlead_bytes_total", of("10.1.0.9:8080", "direction", "up"))).contains(120.0);
        assertThat(after.value("fairlead_bytes_total", of("10.1.0.9:8080", "direction", "down"))).contains(4096.0);
        assertThat(after.value("fairlead_endpoint_ejected", labels)).contains(0.0);
    }

    @Test
    void connectTimesAreAHistogramWhoseBucketsAddUp() {
        Upstream upstream = used(WEB, "10.1.0.9:8080");
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters, upstream));
        assertThat(scrape().named("fairlead_connect_seconds_count")).isEmpty();

        for (double seconds : new double[]{0.0001, 0.0005, 0.0006, 0.02, 4.9, 60}) {
            upstream.counters().connected(Math.round(seconds * 1e9));
        }
        Exposition after = scrape();
        assertThat(after.types()).containsEntry("fairlead_connect_seconds", "histogram");
        assertThat(after.named("fairlead_connect_seconds_bucket"))
                .hasSize(UpstreamCounters.connectBounds().length + 1);
        assertThat(bucket(after, "5.0E-4")).isEqualTo(2);
        assertThat(bucket(after, "0.001")).isEqualTo(3);
        assertThat(bucket(after, "0.025")).isEqualTo(4);
        assertThat(bucket(after, "5.0")).isEqualTo(5);
        assertThat(bucket(after, "+Inf")).isEqualTo(6);
        assertThat(after.value("fairlead_connect_seconds_count", of("10.1.0.9:8080"))).contains(6.0);
        assertThat(after.value("fairlead_connect_seconds_sum", of("10.1.0.9:8080")).orElseThrow())
                .isCloseTo(64.9212, org.assertj.core.data.Offset.offset(1e-9));
    }

    private static double bucket(Exposition text, String bound) {
        return text.value("fairlead_connect_seconds_bucket", of("10.1.0.9:8080", "le", bound)).orElseThrow();
    }

    @Test
    void aServicesCountersAreToldOnceThoughItHasSeveralRoutes() {
        Upstream one = used(WEB, "10.1.0.8:8080");
        Upstream two = used(WEB, "10.1.0.9:8080");
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters, one, two),
                Fleet.route(WEB, FrontendKind.LOAD_BALANCER, "192.0.2.1:80", counters, one));
        for (int i = 0; i < 3; i++) {
            counters.connectionAccepted();
        }
        counters.connectionEnded();
        counters.connectionFailed(Cause.TIMEOUT);
        counters.connectionTriedAnyway();
        Exposition text = scrape();
        assertThat(text.value("fairlead_service_connections_accepted_total", ofService())).contains(3.0);
        assertThat(text.value("fairlead_service_connections_open", ofService())).contains(2.0);
        assertThat(text.value("fairlead_service_connections_failed_total", ofService("cause", "TIMEOUT")))
                .contains(1.0);
        assertThat(text.named("fairlead_service_connections_failed_total")).hasSize(1);
        assertThat(text.value("fairlead_service_connections_tried_anyway_total", ofService())).contains(1.0);
        assertThat(text.value("fairlead_service_endpoints", ofService())).contains(2.0);
        assertThat(text.named("fairlead_service_limit_available")).isEmpty();
    }

    @Test
    void aLimitedServiceTellsHowManyMoreMayCome() {
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", Fleet.limit(42), counters));
        assertThat(scrape().value("fairlead_service_limit_available", ofService())).contains(42.0);
        assertThat(scrape().value("fairlead_service_endpoints", ofService())).contains(0.0);
    }

    @Test
    void bothFamiliesOfADualStackServiceAreTold() {
        ServicePortName six = new ServicePortName(WEB.service(), WEB.port(), WEB.protocol(), IpFamily.IPV6);
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters,
                used(WEB, "10.1.0.9:8080")),
                Fleet.route(six, FrontendKind.CLUSTER_IP, "[fd00::10]:80", new ServiceCounters(),
                        used(six, "[fd00::9]:8080")));
        Exposition text = scrape();
        assertThat(text.named("fairlead_service_connections_accepted_total")).hasSize(2);
        assertThat(text.value("fairlead_connections_open", of("[fd00::9]:8080"))).contains(0.0);
    }

    @Test
    void tcpAndUdpUnderOneNameAreTwoServicePorts() {
        ServicePortName udp = new ServicePortName(WEB.service(), WEB.port(), Protocol.UDP, WEB.family());
        ServiceCounters udpCounters = new ServiceCounters();
        Upstream udpUpstream = used(udp, "10.1.0.9:8080");
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters,
                used(WEB, "10.1.0.9:8080")),
                Fleet.route(udp, FrontendKind.CLUSTER_IP, "10.96.0.10:80", udpCounters, udpUpstream));
        udpCounters.connectionAccepted();
        udpUpstream.enter();
        Exposition text = scrape();
        assertThat(text.value("fairlead_service_connections_accepted_total", ofService())).contains(0.0);
        assertThat(text.value("fairlead_service_connections_accepted_total", "namespace", "default", "service", "web",
                "port", "http", "protocol", "UDP", "family", "IPv4")).contains(1.0);
        assertThat(text.value("fairlead_connections_open", of("10.1.0.9:8080"))).contains(0.0);
        assertThat(text.value("fairlead_connections_open", "namespace", "default", "service", "web", "port", "http",
                "protocol", "UDP", "endpoint", "10.1.0.9:8080")).contains(1.0);
    }

    @Test
    void whatLeavesTheTableIsNotToldAnyMoreButForEndpointsThatStillHaveConnections() {
        Upstream stays = used(WEB, "10.1.0.8:8080");
        Upstream leaves = used(WEB, "10.1.0.9:8080");
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters, stays, leaves));
        assertThat(scrape().named("fairlead_connections_open")).hasSize(2);

        retiring.add(leaves);
        assertThat(scrape().named("fairlead_connections_open")).as("in both for a moment").hasSize(2);

        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters, stays));
        leaves.enter();
        Exposition busy = scrape();
        assertThat(busy.value("fairlead_connections_open", of("10.1.0.9:8080"))).contains(1.0);
        assertThat(busy.value("fairlead_service_endpoints", ofService())).contains(1.0);

        retiring.clear();
        Exposition idle = scrape();
        assertThat(idle.named("fairlead_connections_open")).hasSize(1);
        assertThat(idle.value("fairlead_connections_open", of("10.1.0.8:8080"))).contains(0.0);

        publish();
        assertThat(scrape().samples().keySet()).noneMatch(series -> series.labels().containsKey("service"));
    }

    @ParameterizedTest
    @EnumSource(Gate.State.class)
    void anEjectedEndpointIsToldUntilItIsFullyBack(Gate.State state) {
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters,
                used(WEB, "10.1.0.9:8080", state)));
        double expected = switch (state) {
            case EJECTED, TRIAL -> 1;
            case ADMITS, SPARED -> 0;
        };
        assertThat(scrape().value("fairlead_endpoint_ejected", of("10.1.0.9:8080"))).contains(expected);
    }

    @Test
    void howConnectionsEndedIsCountedBySidePhaseAndCause() {
        assertThat(scrape().named("fairlead_connections_ended_total")).isEmpty();
        List<Termination> all = new ArrayList<>();
        for (Side side : Side.values()) {
            for (Phase phase : Phase.values()) {
                for (Cause cause : Cause.values()) {
                    all.add(new Termination(side, phase, cause));
                }
            }
        }
        for (int i = 0; i < all.size(); i++) {
            for (int times = 0; times <= i; times++) {
                sessions.ended(ended(all.get(i)));
            }
        }
        Exposition text = scrape();
        for (int i = 0; i < all.size(); i++) {
            Termination how = all.get(i);
            assertThat(text.value("fairlead_connections_ended_total", "side", how.side().name(), "phase",
                    how.phase().name(), "cause", how.cause().name())).as("%s", how).contains(i + 1.0);
            assertThat(sessions.count(how)).isEqualTo(i + 1L);
        }
    }

    private static SessionSummary ended(Termination termination) {
        return new SessionSummary(Optional.empty(), IpPort.of("10.1.2.3:5"),
                TransportAddress.tcp(IpPort.of("10.96.0.10:80")),
                Optional.empty(), "", List.of(), 0, 0, 0, 0, 0, termination);
    }

    @Test
    void theProcessIsToldThroughItsSuppliers() {
        metrics.close();
        AtomicLong turn = new AtomicLong(10);
        metrics = new Metrics(table, List::of, sessions, new Vitals(() -> turn.get() == 10, () -> turn.get() + 1,
                () -> turn.get() + 2, () -> turn.get() + 3, () -> turn.get() + 4, () -> turn.get() + 5,
                () -> turn.get() + 6, () -> turn.get() + 7, () -> turn.get() + 8, () -> turn.get() * 1_000_000_000,
                () -> turn.get() + 9, () -> turn.get() + 10, () -> turn.get() + 11), Fleet.quiet());
        for (int round = 0; round < 2; round++) {
            Exposition text = scrape();
            assertThat(text.value("fairlead_config_last_reload_successful")).contains(round == 0 ? 1.0 : 0.0);
            List<String> inOrder = List.of("fairlead_config_problems", "fairlead_listeners_open",
                    "fairlead_listener_failures", "fairlead_accept_paused", "fairlead_accept_pauses_total",
                    "fairlead_sessions", "fairlead_flows", "fairlead_datagrams_lost_total",
                    "fairlead_splices_total", "fairlead_pipes_in_use", "fairlead_access_log_dropped_total");
            assertThat(text.value("fairlead_loop_lag_seconds")).contains((double) turn.get());
            for (int i = 0; i < inOrder.size(); i++) {
                assertThat(text.value(inOrder.get(i))).as(inOrder.get(i)).contains(turn.get() + i + 1.0);
            }
            System.gc();
            turn.set(20);
        }
    }

    @Test
    void theVirtualMachineIsToldToo() {
        Exposition text = scrape();
        assertThat(text.types()).containsKeys("jvm_memory_used_bytes", "jvm_gc_memory_allocated_bytes_total",
                "jvm_threads_live_threads", "process_cpu_usage", "process_files_open_files",
                "process_files_max_files", "process_uptime_seconds");
    }

    @Test
    void namesThatNeedEscapingStayOneSeries() {
        ServicePortName hostile = Fleet.service("de\"fault/we\\b\nline:ht\ttp");
        publish(Fleet.route(hostile, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters,
                used(hostile, "10.1.0.9:8080")));
        assertThat(scrape().value("fairlead_connections_opened_total", "namespace", "de\"fault", "service",
                "we\\b\nline", "port", "ht\ttp", "protocol", "TCP", "endpoint", "10.1.0.9:8080")).contains(0.0);
    }

    @Test
    void asOpenMetricsItEndsOnceAndMentionsEachFamilyOnce() throws Exception {
        Upstream upstream = used(WEB, "10.1.0.9:8080");
        upstream.counters().connected(1);
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters, upstream));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.scrape(out, MetricsText.OPENMETRICS);

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).endsWith("# EOF").containsOnlyOnce("# EOF").contains("# TYPE fairlead_bytes counter",
                "# TYPE fairlead_connect_seconds histogram", "# TYPE fairlead_sessions gauge");
        assertThat(lines.stream().filter(line -> line.startsWith("# TYPE"))).doesNotHaveDuplicates();
    }

    @Test
    void everyMetricOfOursIsExplained() {
        Upstream upstream = used(WEB, "10.1.0.9:8080");
        upstream.counters().connected(1);
        publish(Fleet.route(WEB, FrontendKind.CLUSTER_IP, "10.96.0.10:80", counters, upstream));
        String text = text();
        assertThat(Exposition.parse(text).types().keySet()).filteredOn(name -> name.startsWith("fairlead_"))
                .hasSizeGreaterThan(10).allSatisfy(name -> assertThat(text).containsPattern("# HELP " + name + " \\S"));
    }
}
