package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fairlead.model.IpPort;
import dev.fairlead.source.ChangeObserver.Kind;
import dev.fairlead.telemetry.Exposition;
import dev.fairlead.telemetry.MetricsText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** kube-proxy's two addresses: what is said at the one for metrics, and what happens where one does not open. */
class KubeProxyAddressesTest {
    private static final IpPort ANY = IpPort.of("127.0.0.1:0");

    @Test
    void theAddressForMetricsSaysWhatKubeProxysDoes() throws AdminBindFailure {
        try (ProbeFixture proxy = new ProbeFixture()) {
            assertThat(proxy.metrics("/healthz").body()).isEqualTo("ok");
            assertThat(proxy.metrics("/healthz").statusCode()).isEqualTo(200);
            HttpResponse<String> mode = proxy.metrics("/proxyMode");
            assertThat(mode.body()).isEqualTo("fairlead");
            assertThat(mode.headers().firstValue("content-type")).hasValue("text/plain; charset=utf-8");
            assertThat(mode.headers().allValues("x-content-type-options")).containsExactly("nosniff");
            proxy.configz = "{\"kubeproxy.config.k8s.io\":{\"mode\":\"fairlead\"}}";
            HttpResponse<String> configz = proxy.metrics("/configz");
            assertThat(configz.body()).isEqualTo(proxy.configz);
            assertThat(configz.headers().firstValue("content-type")).hasValue("application/json");
            assertThat(proxy.metrics("/livez").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void theMetricsAreThoseOfTheAdminAddress() throws AdminBindFailure {
        try (ProbeFixture proxy = new ProbeFixture()) {
            proxy.changes().seen(Kind.SERVICE);
            HttpResponse<String> answer = proxy.metrics("/metrics");
            assertThat(answer.headers().firstValue("content-type")).hasValue(MetricsText.PROMETHEUS.contentType());
            Exposition here = Exposition.parse(answer.body());
            Exposition there = proxy.scrape();
            assertThat(lasting(here)).isEqualTo(lasting(there)).containsKeys("fairlead_sessions",
                    "kubeproxy_sync_proxy_rules_service_changes_total");
            assertThat(here.value("kubeproxy_sync_proxy_rules_service_changes_total")).contains(1.0);
        }
    }

    /** Without those that begin with the JVM's first collection, which may come between two scrapes. */
    private static Map<String, String> lasting(Exposition text) {
        Map<String, String> types = new TreeMap<>(text.types());
        types.keySet().removeIf(name -> name.startsWith("jvm_gc_"));
        return types;
    }

    @Test
    void answersAreCountedByTheirStatus() throws AdminBindFailure {
        try (ProbeFixture proxy = new ProbeFixture()) {
            assertThat(proxy.scrape().named("kubeproxy_proxy_healthz_total")).isEmpty();
            proxy.healthz();
            proxy.healthz();
            proxy.livez();
            proxy.changes().seen(Kind.SERVICE);
            proxy.pass(60);
            proxy.healthz();
            proxy.metrics("/healthz");
            Exposition text = proxy.scrape();
            assertThat(text.value("kubeproxy_proxy_healthz_total", "code", "200")).contains(2.0);
            assertThat(text.value("kubeproxy_proxy_healthz_total", "code", "503")).contains(1.0);
            assertThat(text.value("kubeproxy_proxy_livez_total", "code", "200")).contains(1.0);
            assertThat(text.value("kubeproxy_proxy_livez_total", "code", "503")).isEmpty();
        }
    }

    @Test
    void whatCameIntoForceIsTimed() throws AdminBindFailure {
        try (ProbeFixture proxy = new ProbeFixture()) {
            proxy.pass(10);
            proxy.changes().triggered(List.of(ProbeFixture.START.plusMillis(9_600),
                    ProbeFixture.START.plusMillis(3_000), ProbeFixture.START.minusMillis(1)));
            proxy.follow(ProbeFixture.snapshot("random", false));
            proxy.follow(ProbeFixture.snapshot("random", false));
            proxy.follow(ProbeFixture.snapshot("round-robin", false));
            // A sync is over just after what it brought is in force.
            await().until(() -> proxy.scrape().value("kubeproxy_sync_proxy_rules_duration_seconds_count")
                    .equals(Optional.of(3.0)));
            Exposition text = proxy.scrape();
            assertThat(text.value("kubeproxy_sync_full_proxy_rules_duration_seconds_count")).contains(1.0);
            assertThat(text.value("kubeproxy_sync_partial_proxy_rules_duration_seconds_count")).contains(2.0);
            assertThat(text.value("kubeproxy_sync_proxy_rules_duration_seconds_bucket", "le", "0.001")).contains(3.0);
            assertThat(text.value("kubeproxy_sync_proxy_rules_last_timestamp_seconds")).contains(1795454441.5);
            assertThat(text.value("kubeproxy_sync_proxy_rules_last_queued_timestamp_seconds")).contains(1795454441.5);
            String programming = "kubeproxy_network_programming_duration_seconds";
            assertThat(text.value(programming + "_count")).contains(2.0);
            assertThat(text.value(programming + "_sum")).contains(7.4);
            assertThat(text.value(programming + "_bucket", "le", "0.25")).contains(0.0);
            assertThat(text.value(programming + "_bucket", "le", "0.5")).contains(1.0);
            assertThat(text.value(programming + "_bucket", "le", "6.0")).contains(1.0);
            assertThat(text.value(programming + "_bucket", "le", "7.0")).contains(2.0);
            assertThat(bounds(text, "kubeproxy_sync_proxy_rules_duration_seconds")).containsExactly("0.001", "0.002",
                    "0.004", "0.008", "0.016", "0.032", "0.064", "0.128", "0.256", "0.512", "1.024", "2.048", "4.096",
                    "8.192", "16.384", "+Inf");
            assertThat(bounds(text, programming)).hasSize(81).startsWith("0.25", "0.5", "1.0", "2.0")
                    .endsWith("115.0", "120.0", "150.0", "180.0", "210.0", "240.0", "270.0", "300.0", "+Inf");
        }
    }

    private static List<String> bounds(Exposition text, String family) {
        return text.named(family + "_bucket").stream().map(series -> series.labels().getOrDefault("le", "")).toList();
    }

    @Test
    void addressesInUseAreSaidOnceAndTriedUntilTheyOpen() throws IOException, InterruptedException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(AdminServer.class);
        logger.addAppender(log);
        try (Taken one = new Taken(); Taken other = new Taken()) {
            IpPort healthz = one.address();
            IpPort metrics = other.address();
            try (ProbeFixture proxy = new ProbeFixture(healthz, metrics, Duration.ofMillis(50))) {
                assertThat(proxy.server().healthzAddress()).isEmpty();
                assertThat(failing(proxy)).containsExactly(1.0, 1.0);
                Thread.sleep(300);
                assertThat(messages(log)).containsExactlyInAnyOrder(
                        "healthzBindAddress " + healthz + ": Address already in use (expected: a free address of this"
                                + " machine); trying again every 50ms",
                        "metricsBindAddress " + metrics + ": Address already in use (expected: a free address of this"
                                + " machine); trying again every 50ms");
                one.release();
                await().until(() -> proxy.server().healthzAddress().equals(Optional.of(healthz)));
                assertThat(proxy.healthz().statusCode()).isEqualTo(200);
                assertThat(failing(proxy)).containsExactly(0.0, 1.0);
                other.release();
                await().until(() -> proxy.server().metricsAddress().equals(Optional.of(metrics)));
                assertThat(proxy.metrics("/healthz").body()).isEqualTo("ok");
                assertThat(failing(proxy)).containsExactly(0.0, 0.0);
                assertThat(messages(log)).hasSize(4).contains("healthzBindAddress " + healthz + " is open now");
            }
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void aServerThatTriesInVainCanBeClosed() throws IOException {
        try (Taken taken = new Taken();
                ProbeFixture proxy = new ProbeFixture(taken.address(), ANY, Duration.ofMillis(1))) {
            assertThat(proxy.metrics("/healthz").body()).isEqualTo("ok");
        }
    }

    /** A port that somebody else listens on, until it is released. */
    private static final class Taken implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

        Taken() throws IOException {
        }

        IpPort address() {
            return IpPort.of((InetSocketAddress) socket.getLocalSocketAddress());
        }

        void release() throws IOException {
            socket.close();
        }

        @Override
        public void close() throws IOException {
            release();
        }
    }

    private static List<String> messages(ListAppender<ILoggingEvent> log) {
        return List.copyOf(log.list).stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static List<Double> failing(ProbeFixture proxy) {
        Exposition text = proxy.scrape();
        return List.of(text.value("fairlead_bind_address_failing", "address", "healthz").orElseThrow(),
                text.value("fairlead_bind_address_failing", "address", "metrics").orElseThrow());
    }
}
