package dev.fairlead.admin;

import static org.awaitility.Awaitility.await;

import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.Gates;
import dev.fairlead.balance.RandomBalancer;
import dev.fairlead.control.Applier;
import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.Doors;
import dev.fairlead.control.Reconciler;
import dev.fairlead.control.TableBuilder;
import dev.fairlead.control.UpstreamRegistry;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.ClusterNetwork;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Ports;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.ChangeObserver;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.telemetry.ApiCallMeters;
import dev.fairlead.telemetry.Exposition;
import dev.fairlead.telemetry.Fleet;
import dev.fairlead.telemetry.KubeProxyMeters;
import dev.fairlead.telemetry.Metrics;
import dev.fairlead.telemetry.ProbeMeters;
import dev.fairlead.telemetry.SessionMeters;
import dev.fairlead.telemetry.Vitals;
import dev.fairlead.transport.ManualTicker;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A control thread and all three addresses that tell of it, on free ports and a clock that a test turns. */
final class ProbeFixture implements AutoCloseable {
    static final Instant START = Instant.parse("2026-11-23T17:20:31.500Z");
    private static final IpPort ANY = IpPort.of("127.0.0.1:0");
    private static final Duration SOON = Duration.ofSeconds(20);

    final ManualTicker ticker = new ManualTicker(START);
    volatile boolean doorsStick;
    volatile boolean tablesBreak;
    volatile boolean draining;
    volatile String configz = "{}";
    final List<String> unserved = new CopyOnWriteArrayList<>();

    private final PublishedTable table = new PublishedTable();
    private final Reconciler reconciler;
    private final Metrics metrics;
    private final HttpAsking client = new HttpAsking();
    private final AdminServer server;

    ProbeFixture() throws AdminBindFailure {
        this(ANY, ANY, Duration.ofSeconds(5));
    }

    ProbeFixture(IpPort healthz, IpPort metricsAddress, Duration retry) throws AdminBindFailure {
        UpstreamRegistry registry = new UpstreamRegistry(Gates.NONE, (_, _) -> () -> true,
                () -> new AffinityTable(ticker));
        TableBuilder tables = new TableBuilder(registry, _ -> {
            if (tablesBreak) {
                throw new IllegalStateException("a bug");
            }
            return new RandomBalancer(Randomness.SYSTEM);
        });
        reconciler = new Reconciler(new Applier(new Doors() {
            @Override
            public void open(TransportAddress address, SourceFilter filter) throws OpenFailure {
                if (doorsStick) {
                    throw new OpenFailure("Address already in use", new IllegalStateException("stuck"));
                }
            }

            @Override
            public void filter(TransportAddress address, SourceFilter filter) {
            }

            @Override
            public void close(TransportAddress address) {
            }

            @Override
            public void hold(TransportAddress address) {
            }

            @Override
            public void letGo(TransportAddress address) {
            }
        }, tables, registry, table, (_, _) -> {
        }), ControlObserver.NONE, ticker);
        ProbeMeters meters = new ProbeMeters();
        metrics = new Metrics(table, List::of, new SessionMeters(), Vitals.QUIET, new KubeProxyMeters(
                reconciler.progress(), () -> reconciler.view().snapshot(), meters, new ApiCallMeters(Ticker.SYSTEM)));
        server = AdminServer.open(
                new AdminAddresses(Optional.of(ANY), Optional.of(healthz), Optional.of(metricsAddress)),
                new Observed(reconciler::view, table, metrics, Liveness.UNWATCHED, () -> draining,
                        new Probed(reconciler.progress(), meters, () -> configz),
                        (service, address, why) -> unserved.add(service + " " + address + ": " + why),
                        new Insides().inside(), Insides.about(Optional.empty())),
                retry);
        reconciler.start();
    }

    ChangeObserver changes() {
        return reconciler.progress();
    }

    AdminServer server() {
        return server;
    }

    void pass(int seconds) {
        ticker.advance(Duration.ofSeconds(seconds));
    }

    /** One service, whose picker differs with each name of a balancer. */
    static ServiceSnapshot snapshot(String balancer, boolean nodeLeaving) {
        List<Frontend> frontends = List.of(
                new Frontend(FrontendKind.CLUSTER_IP, Protocol.TCP, IpPort.of("10.96.0.10:80")));
        ServicePort port = new ServicePort(Fleet.service("default/web:http"), Ports.addresses(frontends), frontends,
                List.of(Endpoint.ready(IpPort.of("10.1.2.3:8080"))), TrafficPolicy.CLUSTER, TrafficPolicy.CLUSTER,
                SessionAffinity.NONE, List.of(), 0,
                ServicePolicy.DEFAULTS.withBalancer(BalancerChoice.named(balancer)));
        return new ServiceSnapshot(NodeIdentity.NONE,
                new ClusterNetwork(List.of(), List.of(), false, List.of(), nodeLeaving),
                List.of(port), List.of(), List.of());
    }

    void offer(ServiceSnapshot snapshot) {
        reconciler.offer(snapshot);
    }

    /** Offers and waits until it is in force. */
    void follow(ServiceSnapshot snapshot) {
        changes().seen(ChangeObserver.Kind.NODE);
        offer(snapshot);
        await().atMost(SOON).until(() -> reconciler.progress().pending(ChangeObserver.Kind.NODE) == 0
                && reconciler.view().snapshot().equals(snapshot));
    }

    void awaitFailure() {
        await().atMost(SOON).until(() -> !reconciler.view().failed().isEmpty());
    }

    void closeDoors() throws InterruptedException {
        reconciler.closeDoors();
    }

    HttpResponse<String> healthz() {
        return health("/healthz");
    }

    HttpResponse<String> livez() {
        return health("/livez");
    }

    HttpResponse<String> health(String path) {
        return client.ask("GET", server.healthzAddress().orElseThrow(), path);
    }

    HttpResponse<String> metrics(String path) {
        return client.ask("GET", server.metricsAddress().orElseThrow(), path);
    }

    HttpResponse<String> admin(String path) {
        return client.ask("GET", server.address().orElseThrow(), path);
    }

    Exposition scrape() {
        return Exposition.parse(admin("/metrics").body());
    }

    @Override
    public void close() {
        client.close();
        server.close();
        reconciler.close();
        metrics.close();
    }
}
