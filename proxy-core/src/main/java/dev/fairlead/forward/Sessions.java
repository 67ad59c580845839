package dev.fairlead.forward;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All live sessions, over all loops. Any thread. */
public final class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final Duration SWEEP = Duration.ofSeconds(1);
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
