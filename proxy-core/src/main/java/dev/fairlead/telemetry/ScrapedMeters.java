package dev.fairlead.telemetry;

import dev.fairlead.balance.Upstream;
import dev.fairlead.table.PublishedTable;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The registry behind {@link Metrics}, with all that is in it.
 *
 * <p>
 * The process is told by micrometer's meters. Services and endpoints are told by {@link TableMetrics}, which walks the
 * published table: a meter for each would cost about a kilobyte for each of some twenty series of each endpoint, and
 * would have to be removed when the endpoint goes.
 */
final class ScrapedMeters implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final TableMetrics table;

    /**
     * @param table whose services and endpoints are told, and no others
     * @param retiring endpoints that are in no table any more but still have connections
     */
    ScrapedMeters(PublishedTable table, Supplier<List<Upstream>> retiring, SessionMeters sessions, Vitals vitals,
            KubeProxyMeters kubeProxy) {
        this.table = new TableMetrics(table, retiring, sessions);
        registry.throwExceptionOnRegistrationFailure();
        process(vitals);
        jvm();
        registry.getPrometheusRegistry().register(new KubeProxyCollector(kubeProxy));
    }

    void scrape(OutputStream out, MetricsText form) throws IOException {
        SeriesWriter series = new SeriesWriter(out, form);
        table.write(series);
        series.flush();
        // Last, since its text in the OpenMetrics form says that this was all.
        registry.scrape(out, form.contentType());
    }

    @Override
    public void close() {
        garbage.close();
        registry.close();
    }

    private void process(Vitals vitals) {
        gauge("fairlead.config.last.reload.successful",
                "1 while the configuration read last is in force, 0 while an older one is because it was bad",
                () -> vitals.configurationGood().getAsBoolean() ? 1 : 0);
        gauge("fairlead.config.problems", "Problems of the configuration read last", vitals.configurationProblems());
        gauge("fairlead.listeners.open", "Doors that are open", vitals.listenersOpen());
        gauge("fairlead.listener.failures", "Doors that should be open and cannot be", vitals.listenerFailures());
        gauge("fairlead.accept.paused", "Doors that take no connection for want of descriptors or memory",
                vitals.acceptPaused());
        counter("fairlead.accept.pauses", "How often a door stopped taking connections", vitals.acceptPauses());
        gauge("fairlead.sessions", "Connections alive", vitals.sessions());
        gauge("fairlead.flows", "UDP flows alive", vitals.flows());
        counter("fairlead.datagrams.lost", "Datagrams that the kernel had no room for when they were to be passed on",
                vitals.datagramsLost());
        Gauge.builder("fairlead.loop.lag.seconds", () -> vitals.loopLagNanos().getAsLong() / 1e9).description(
                "How long the slowest event loop kept a task waiting that it is given once a second")
                .register(registry);
        counter("fairlead.splices", "How often a bulk flow began to pass through a pipe of the kernel",
                vitals.splices());
        gauge("fairlead.pipes.in.use", "Pipes that bulk flows pass through", vitals.pipesInUse());
        counter("fairlead.access.log.dropped", "Lines of the access log that were never written",
                vitals.accessLogDrops());
    }

    private void jvm() {
        new JvmMemoryMetrics().bindTo(registry);
        garbage.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new ProcessMeters().bindTo(registry);
    }

    private void gauge(String name, String help, LongSupplier value) {
        Gauge.builder(name, value::getAsLong).description(help).register(registry);
    }

    private void counter(String name, String help, LongSupplier value) {
        // Micrometer holds the object weakly; the function holds the supplier all the same.
        FunctionCounter.builder(name, registry, _ -> value.getAsLong()).description(help).register(registry);
    }
}
