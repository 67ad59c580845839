package dev.fairlead.forward;

import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.Route;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All live sessions, over all loops. Any thread. */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final int AT_ONCE = 500;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final DataPath path;
    private final PublishedTable table;
    private final Ticker ticker;
    private final SessionObserver observer;
    private final Duration sweep;
    private final List<LoopSessions> byLoop;
    private final FlowRoom flowRoom = new FlowRoom();
    private final List<LoopFlows> flowsByLoop;
    private final AtomicInteger live = new AtomicInteger();
    private final LongAdder observerFailures = new LongAdder();
    private volatile LeavingEndpoints leaving = (service, endpoint) -> Optional.empty();
    private volatile BooleanSupplier keepsClients = () -> false;
    private volatile Consumer<String> onStarved = why -> {
    };

    public Sessions(DataPath path, PublishedTable table, Ticker ticker, SessionObserver observer) {
        this(path, table, ticker, observer, SWEEP);
    }

    /**
     * Holds none yet.
     *
     * @param sweep how often each session is looked at
     */
    Sessions(DataPath path, PublishedTable table, Ticker ticker, SessionObserver observer, Duration sweep) {
        this.sweep = sweep;
        this.path = path;
        this.table = table;
        this.ticker = ticker;
        this.observer = observer;
        this.byLoop = path.loops().stream().map(loop -> new LoopSessions(this)).toList();
        this.flowsByLoop = path.loops().stream().map(loop -> new LoopFlows(this, flowRoom)).toList();
        for (Loop loop : path.loops()) {
            sweepLater(loop, byLoop.get(loop.index())::sweep);
            sweepLater(loop, flowsByLoop.get(loop.index())::sweep);
        }
    }

    /**
     * Who is told that a connection could not be made for want of descriptors or ports. Set once, before doors open.
     */
    public void onStarved(Consumer<String> listener) {
        onStarved = listener;
    }

    /** Whether connections to endpoints may carry their client's address just now. Set once, before doors open. */
    public void keepClients(BooleanSupplier inForce) {
        keepsClients = inForce;
    }

    /** A connection came through a door. On its loop. */
    public void begin(Connection downstream, TransportAddress frontend) {
        live.incrementAndGet();
        byLoop.get(downstream.loop().index()).begin(downstream, frontend);
    }

    /** A client that has no flow sent a datagram to a door. On its loop. */
    public void begin(DatagramFlow flow, TransportAddress frontend) {
        flowsByLoop.get(flow.loop().index()).arrived(flow, frontend);
    }

    /**
     * All flows that another process could go on with. Their doors are paused, so that nothing moves. Not on a loop.
     */
    public List<FlowInHand> flowsInHand() {
        return path.loops().stream()
                .map(loop -> CompletableFuture.supplyAsync(() -> flowsByLoop.get(loop.index()).inHand(), loop)).toList()
                .stream().flatMap(flows -> flows.join().stream()).toList();
    }

    /** Another process goes on with these: here they are over. Not on a loop. */
    public void handedOver(List<FlowInHand> flows) {
        Map<TransportAddress, Set<IpPort>> clients = new HashMap<>();
        flows.forEach(one -> clients.computeIfAbsent(one.frontend(), _ -> new HashSet<>()).add(one.flow().client()));
        path.loops().stream().map(loop -> CompletableFuture
                .runAsync(() -> flowsByLoop.get(loop.index()).handedOver(clients), loop)).toList()
                .forEach(CompletableFuture::join);
    }

    /** Whether there is room for no flow more. */
    public boolean flowsFull() {
        return flowRoom.full();
    }

    /** Who knows the live twins of endpoints that take no newcomers. Set once, before flows are brought. */
    public void leaving(LeavingEndpoints endpoints) {
        leaving = endpoints;
    }

    /**
     * The endpoint of a flow that another process began; empty where it does not serve. It is {@link Upstream#enter
     * entered}, so that it stays while the flow is brought: who asks leaves it. Not on a loop; may wait.
     */
    public Optional<Upstream> endpointOf(FlowInHand flow) {
        Optional<Route> found = table.current().find(flow.frontend())
                .map(route -> route.from(flow.flow().client().ip()));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Route route = found.get();
        Optional<Upstream> candidate = route.upstreams().stream()
                .filter(one -> one.address().equals(flow.endpoint())).findFirst();
        candidate.ifPresent(Upstream::enter);
        return candidate.isPresent() || !route.spec().serving().contains(flow.endpoint())
                ? candidate
                : leaving.enter(route.spec().service(), flow.endpoint());
    }

    /** A client that another process knew has been brought. On its loop. */
    public void goOn(DatagramFlow fresh, FlowInHand before, Upstream there) {
        flowsByLoop.get(fresh.loop().index()).goOn(fresh, before, there);
    }

    /**
     * Shows all of them, a few at a time, so that no loop is kept from its work for long. Those that begin or end
     * meanwhile may be missed.
     *
     * @param reader called on the loops, on one after the other and never at once
     * @return done when all were shown; never, where a loop does not turn
     */
    public CompletableFuture<Void> show(Consumer<List<LiveSession>> reader) {
        CompletableFuture<Void> shown = CompletableFuture.completedFuture(null);
        for (Loop loop : path.loops()) {
            LoopSessions sessions = byLoop.get(loop.index());
            LoopFlows flows = flowsByLoop.get(loop.index());
            shown = shown.thenCompose(_ -> show(loop, sessions::size, sessions::seen, reader))
                    .thenCompose(_ -> show(loop, flows::size, flows::seen, reader));
        }
        return shown;
    }

    private static CompletableFuture<Void> show(Loop loop, IntSupplier size, Glimpse glimpse,
            Consumer<List<LiveSession>> reader) {
        return CompletableFuture.supplyAsync(size::getAsInt, loop)
                .thenCompose(from -> show(loop, from, glimpse, reader));
    }

    private static CompletableFuture<Void> show(Loop loop, int from, Glimpse glimpse,
            Consumer<List<LiveSession>> reader) {
        return from <= 0
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(() -> reader.accept(glimpse.of(from, AT_ONCE)), loop)
                        .thenCompose(_ -> show(loop, from - AT_ONCE, glimpse, reader));
    }

    /** Some of a loop's sessions. */
    private interface Glimpse {
        List<LiveSession> of(int from, int most);
    }

    /** How many flows there may be at a time. Set before doors open. */
    public void mostFlows(int flows) {
        flowRoom.most(flows);
    }

    /** UDP flows that have an endpoint. */
    public int flows() {
        return flowRoom.used();
    }

    /** Ends every flow of a UDP service port to an endpoint that no longer serves; returns at once. */
    public void cut(ServicePortName service, IpPort endpoint) {
        for (Loop loop : path.loops()) {
            loop.execute(() -> flowsByLoop.get(loop.index()).cut(service, endpoint));
        }
    }

    /** Connections that came in and have not ended. */
    public int live() {
        return live.get();
    }

    /**
     * Waits for the last connection to end.
     *
     * @return whether it did in time
     */
    public boolean awaitNone(Duration atMost) throws InterruptedException {
        long deadline = ticker.nanos() + atMost.toNanos();
        while (live.get() > 0 && ticker.nanos() - deadline < 0) {
            Thread.sleep(LOOK_AGAIN);
        }
        return live.get() == 0;
    }

    /** Summaries that an observer failed to take. */
    public long observerFailures() {
        return observerFailures.sum();
    }

    /** Resets every connection and ends every flow; returns when done, or after a second where a loop does not turn. */
    public void endAll(Cause cause) {
        CountDownLatch done = new CountDownLatch(byLoop.size());
        for (Loop loop : path.loops()) {
            loop.execute(() -> {
                byLoop.get(loop.index()).endAll(cause);
                flowsByLoop.get(loop.index()).endAll(cause);
                done.countDown();
            });
        }
        try {
            if (!done.await(1, TimeUnit.SECONDS)) {
                LOG.warn("an event loop did not turn for a second; its connections end with the process");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweepLater(Loop loop, Runnable look) {
        loop.schedule(sweep, () -> {
            try {
                look.run();
            } finally {
                sweepLater(loop, look);
            }
        });
    }

    void ended(SessionSummary summary) {
        live.decrementAndGet();
        tell(summary);
    }

    void tell(SessionSummary summary) {
        try {
            observer.ended(summary);
        } catch (RuntimeException failure) {
            observerFailures.increment();
            LOG.debug("a session observer failed", failure);
        }
    }

    /** Whose address the connection to an endpoint carries; null = this node's. */
    @Nullable
    InetAddress sourceFor(RouteSpec spec, InetAddress client, IpPort endpoint) {
        return spec.keeps(client, endpoint) && keepsClients.getAsBoolean() ? client : null;
    }

    PublishedTable table() {
        return table;
    }

    DataPath path() {
        return path;
    }

    Ticker ticker() {
        return ticker;
    }

    void starved(String why) {
        onStarved.accept(why);
    }
}
