package dev.fairlead;

import dev.fairlead.admin.About;
import dev.fairlead.admin.AdminAddresses;
import dev.fairlead.admin.AdminBindFailure;
import dev.fairlead.admin.AdminServer;
import dev.fairlead.admin.Heartbeats;
import dev.fairlead.admin.Inside;
import dev.fairlead.admin.Observed;
import dev.fairlead.admin.Probed;
import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.Balancers;
import dev.fairlead.balance.Upstream;
import dev.fairlead.control.Applier;
import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.ControlView;
import dev.fairlead.control.Observers;
import dev.fairlead.control.Doors;
import dev.fairlead.control.Reconciler;
import dev.fairlead.control.Step;
import dev.fairlead.control.TableBuilder;
import dev.fairlead.control.UpstreamRegistry;
import dev.fairlead.forward.SessionObserver;
import dev.fairlead.forward.Sessions;
import dev.fairlead.health.Breakers;
import dev.fairlead.health.EjectionPolicy;
import dev.fairlead.health.ServiceRateLimits;
import dev.fairlead.listen.ClientSources;
import dev.fairlead.listen.HeldAddresses;
import dev.fairlead.listen.Inheritance;
import dev.fairlead.listen.Listeners;
import dev.fairlead.listen.Predecessor;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.SteeredAddresses;
import dev.fairlead.listen.Succession;
import dev.fairlead.listen.VipBinder;
import dev.fairlead.model.Drain;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.ApiCalls;
import dev.fairlead.source.ChangeObserver;
import dev.fairlead.source.ServiceSource;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.telemetry.AccessLog;
import dev.fairlead.telemetry.ApiCallMeters;
import dev.fairlead.telemetry.FlightRecorder;
import dev.fairlead.telemetry.Journal;
import dev.fairlead.telemetry.KubeProxyMeters;
import dev.fairlead.telemetry.Metrics;
import dev.fairlead.telemetry.ProbeMeters;
import dev.fairlead.telemetry.SessionMeters;
import dev.fairlead.telemetry.Vitals;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.Randomness;
import dev.fairlead.transport.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The proxy as one thing. Follows one source from {@link #start} on; stops by {@link #drain} and {@link #close}. What
 * it is given (data path, one door, access log, source) it owns and closes.
 */
public final class ProxyServer implements AutoCloseable {
    /**
     * What it is made of.
     *
     * @param accessLog absent = no line per connection
     * @param addresses where it answers questions
     * @param configz the settings in force as one JSON text, for who asks; called on the admin thread
     * @param room how many sessions the process's descriptors allow
     * @param inheritance present where another process serves until this one does: its listening sockets
     * @param vips makes addresses this machine's
     * @param oneDoor by which all TCP frontends share a few listening sockets; absent = each has one of its own
     * @param observer is told what the control thread does
     * @param about what is told of the process
     */
    public record Parts(DataPath path, Balancers balancers, Optional<AccessLog> accessLog, AdminAddresses addresses,
            Supplier<String> configz, SessionRoom room, Optional<Inheritance> inheritance, VipBinder vips,
            Optional<SteeredAddresses> oneDoor, ControlObserver observer, About about, Ticker ticker,
            Randomness randomness) {
    }

    private static final Duration CONTROL_PATIENCE = Duration.ofSeconds(1);

    private final DataPath path;
    private final VipBinder vips;
    private final Optional<SteeredAddresses> oneDoor;
    private final Sessions sessions;
    private final Listeners listeners;
    private final ClientSources clientSources;
    private final Reconciler reconciler;
    private final ApiCallMeters apiCalls;
    private final Metrics metrics;
    private final Optional<AccessLog> accessLog;
    private final AdminServer admin;
    private Optional<ServiceSource> source = Optional.empty();
    private volatile boolean draining;

    /**
     * Makes everything and opens the admin address; no service's door yet.
     *
     * @throws AdminBindFailure when the admin address cannot be opened; nothing is left running then
     */
    public ProxyServer(Parts parts) throws AdminBindFailure {
        path = parts.path();
        vips = parts.vips();
        oneDoor = parts.oneDoor();
        accessLog = parts.accessLog();
        PublishedTable table = new PublishedTable();
        SessionMeters meters = new SessionMeters();
        apiCalls = new ApiCallMeters(parts.ticker());
        FlightRecorder recorder = new FlightRecorder();
        Journal journal = new Journal(parts.ticker());
        SessionObserver log = accessLog.<SessionObserver>map(one -> one).orElse(SessionObserver.NONE);
        sessions = new Sessions(path, table, parts.ticker(), summary -> {
            meters.ended(summary);
            log.ended(summary);
            recorder.ended(summary);
        });
        listeners = new Listeners(path, sessions, parts.room(),
                parts.inheritance().orElseGet(Inheritance::none), vips, oneDoor.map(SteeredAddresses::steering));
        clientSources = new ClientSources(path);
        sessions.keepClients(clientSources::inForce);
        UpstreamRegistry registry = new UpstreamRegistry(new Breakers(EjectionPolicy.DEFAULTS, parts.ticker(), journal),
                new ServiceRateLimits(parts.ticker())::limit, () -> new AffinityTable(parts.ticker()));
        TableBuilder tables = new TableBuilder(registry,
                choice -> parts.balancers().create(choice, parts.randomness()));
        ControlObserver observer = new Observers(journal, recorder, parts.observer());
        reconciler = new Reconciler(
                new Applier(doors(listeners, new HeldAddresses(vips), clientSources), tables, registry, table,
                        sessions::cut),
                observer,
                parts.ticker());
        ProbeMeters probes = new ProbeMeters();
        Heartbeats heartbeats = heartbeats(parts.ticker());
        metrics = new Metrics(table, () -> reconciler.view().retiring(), meters, vitals(heartbeats::lagNanos),
                new KubeProxyMeters(
                        reconciler.progress(), () -> reconciler.view().snapshot(), probes, apiCalls));
        Observed observed = new Observed(reconciler::view, table, metrics, heartbeats,
                () -> draining, new Probed(reconciler.progress(), probes, parts.configz()),
                (service, address, why) -> reconciler
                        .execute(() -> observer.healthCheckUnserved(service, address, why)),
                new Inside(path.name(), path.loops().size(), () -> sessions.live() + sessions.flows(), meters, journal,
                        sessions::show,
                        (what, out) -> out ? reconciler.drain(what) : reconciler.undrain(what), apiCalls::heard,
                        parts.ticker()),
                parts.about());
        if (parts.inheritance().isEmpty()) {
            oneDoor.ifPresent(SteeredAddresses::alone);
        } else {
            vips.alone(false);
        }
        try {
            admin = parts.inheritance().isPresent()
                    ? AdminServer.openAfter(parts.addresses(), observed)
                    : AdminServer.open(parts.addresses(), observed);
        } catch (AdminBindFailure failure) {
            closeAllButAdmin();
            throw failure;
        }
        sessions.leaving((service, endpoint) -> leaving(registry, service, endpoint));
        parts.inheritance().ifPresent(before -> reconciler.drain(before.drains(), List.of()));
        reconciler.start();
    }

    /** Retired at once: it is kept as long as somebody is there. */
    private Optional<Upstream> leaving(UpstreamRegistry registry, ServicePortName service, IpPort endpoint) {
        CompletableFuture<Optional<Upstream>> found = new CompletableFuture<>();
        reconciler.execute(() -> {
            Upstream there = registry.upstream(service, endpoint);
            there.enter();
            registry.retire(service, endpoint);
            found.complete(Optional.of(there));
        });
        return found.completeOnTimeout(Optional.empty(), CONTROL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Begins to follow a source; called once. */
    public void start(ServiceSource following) {
        source = Optional.of(following);
        following.start(reconciler);
    }

    /**
     * Waits until the source's first state is in force.
     *
     * @return whether it is; doors that did not open are told by {@link #view}
     */
    public boolean awaitFirstSync(Duration atMost) throws InterruptedException {
        boolean inForce = reconciler.awaitFirstSync(atMost);
        if (inForce) {
            metrics.prepare();
            vips.settled();
        }
        return inForce;
    }

    /** What is wanted and what is. */
    public ControlView view() {
        return reconciler.view();
    }

    /** Where it answers questions; the port is the real one. */
    public Optional<IpPort> adminAddress() {
        return admin.address();
    }

    /** Where kube-proxy's health checks are answered, with the real port; empty while it is not open. */
    public Optional<IpPort> healthzAddress() {
        return admin.healthzAddress();
    }

    /** Where kube-proxy's metrics are served, with the real port; empty while it is not open. */
    public Optional<IpPort> metricsAddress() {
        return admin.metricsAddress();
    }

    /** Where the source says what it has seen before it offers it. */
    public ChangeObserver changes() {
        return reconciler.progress();
    }

    /** Where the source says what it asked the Kubernetes API. */
    public ApiCalls apiCalls() {
        return apiCalls;
    }

    /**
     * Waits for a successor at a path and hands it the doors.
     *
     * @param served is run when it serves them, after this process has let go of what only one can have; what is left
     *     is to {@link #drain}
     * @param upgrade see {@link Succession#open}
     * @throws IOException where another process waits there, or the kernel will not
     */
    public Succession awaitSuccessor(Path at, Runnable served, Supplier<String> upgrade) throws IOException {
        return Succession.open(at, listeners, () -> reconciler.view().drains().list(), this::letGo, served,
                upgrade);
    }

    /**
     * Tells a process whose doors are served here that it may go, and takes over its UDP flows, and what has been
     * drained or undrained there since it handed over.
     *
     * @return false where it ended without a word
     */
    public boolean takeOver(Predecessor before) {
        List<Drain> first = before.inheritance().drains();
        boolean said = before.release(listeners);
        List<Drain> last = before.inheritance().drains();
        reconciler.drain(last.stream().filter(one -> !first.contains(one)).toList(),
                first.stream().filter(one -> !last.contains(one)).toList());
        return said;
    }

    /** The process that handed its doors over has let go of them: what was made of the machine is this one's alone. */
    public void succeeded() {
        vips.alone(true);
        oneDoor.ifPresent(SteeredAddresses::alone);
        vips.settled();
    }

    private void letGo() {
        draining = true;
        vips.alone(false);
        source.ifPresent(ServiceSource::close);
        // The successor's program has the word from now on; this one would refuse what it has no door for any more.
        oneDoor.ifPresent(one -> one.steering().close());
        try {
            reconciler.closeDoors();
            listeners.closeAll();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        clientSources.leave();
        admin.close();
    }

    /** Connections alive. */
    public int sessions() {
        return sessions.live();
    }

    /**
     * Stops gently: not ready at once, doors closed after the grace time, then connections may end by themselves until
     * the deadline, then they are reset.
     *
     * @return how many were reset
     */
    public int drain(Duration grace, Duration deadline) throws InterruptedException {
        draining = true;
        Thread.sleep(grace);
        source.ifPresent(ServiceSource::close);
        reconciler.closeDoors();
        listeners.closeAll();
        if (sessions.awaitNone(deadline)) {
            return 0;
        }
        int left = sessions.live();
        sessions.endAll(Cause.DRAIN_DEADLINE);
        return left;
    }

    /** Ends everything now; connections that are still alive are reset. */
    @Override
    public void close() {
        draining = true;
        closeAllButAdmin();
        admin.close();
    }

    private void closeAllButAdmin() {
        source.ifPresent(ServiceSource::close);
        reconciler.close();
        sessions.endAll(Cause.SHUTDOWN);
        oneDoor.ifPresent(one -> one.steering().close());
        path.close();
        vips.close(); // connections need their addresses to the end
        clientSources.close();
        accessLog.ifPresent(AccessLog::close);
        metrics.close();
    }

    private Vitals vitals(LongSupplier lag) {
        return new Vitals(() -> reconciler.view().fault().isEmpty(),
                () -> reconciler.view().fault().map(fault -> fault.fault().size()).orElse(0), listeners::count,
                () -> reconciler.view().failed().stream()
                        .filter(failed -> failed.step() instanceof Step.OpenListener).count(),
                () -> listeners.pause().paused() ? 1 : 0, () -> listeners.pause().pauses(), sessions::live,
                sessions::flows, path::datagramsLost, lag, () -> path.splices().begun(),
                () -> path.splices().begun() - path.splices().ended(),
                () -> accessLog.map(AccessLog::dropped).orElse(0L));
    }

    private Heartbeats heartbeats(Ticker ticker) {
        Map<String, Executor> watched = new HashMap<>();
        watched.put("control", reconciler::execute);
        for (Loop loop : path.loops()) {
            watched.put(Heartbeats.EVENT_LOOP + loop.index(), loop);
        }
        return new Heartbeats(ticker, watched);
    }

    private static Doors doors(Listeners listeners, HeldAddresses held, ClientSources clientSources) {
        return new Doors() {
            @Override
            public void open(TransportAddress address, SourceFilter filter) throws OpenFailure {
                listeners.open(address, filter);
                held.letGo(address);
            }

            @Override
            public void hold(TransportAddress address) throws OpenFailure {
                held.hold(address);
            }

            @Override
            public void letGo(TransportAddress address) {
                held.letGo(address);
            }

            @Override
            public void filter(TransportAddress address, SourceFilter filter) throws OpenFailure {
                listeners.filter(address, filter);
            }

            @Override
            public void close(TransportAddress address) {
                listeners.close(address);
            }

            @Override
            public void keepClients() {
                clientSources.want();
            }
        };
    }
}
