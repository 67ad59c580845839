package dev.fairlead.forward;

import dev.fairlead.balance.PickContext;
import dev.fairlead.balance.Upstream;
import dev.fairlead.forward.SessionSummary.FailedAttempt;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.Termination;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.Route;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.Dial;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.Relay;
import dev.fairlead.transport.RelayCallback;
import dev.fairlead.transport.RelayEnd;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection's life: admitted, connected to an endpoint (the next different one where that fails), relayed, ended.
 * It alone ends its sockets, through {@link #end}. Confined to its loop.
 */
final class TcpSession implements PickContext, Consumer<DialOutcome>, RelayCallback {
    private static final Logger LOG = LoggerFactory.getLogger(TcpSession.class);

    private final LoopSessions home;
    private final Connection downstream;
    private final IpPort client;
    private final TransportAddress frontend;
    private final long startedEpochMillis;
    private final long startedNanos;

    private SessionState state = SessionState.CONNECTING;
    private @Nullable Route route;
    private @Nullable Upstream upstream;
    private @Nullable Dial dial;
    private @Nullable Relay relay;
    private boolean gateHeld;
    private boolean gatesIgnored;
    private String pickedBy = "";
    private List<FailedAttempt> failedAttempts = List.of();
    private List<Upstream> tried = List.of();
    /** Endpoints whose gate said no though it did not look shut. */
    private List<Upstream> refused = List.of();
    private long attemptNanos;
    private long connectNanos;
    private long foldedUp;
    private long foldedDown;
    private long lastByteNanos;
    /** Where the loop's list keeps this session. */
    int index = -1;

    TcpSession(LoopSessions home, Connection downstream, TransportAddress frontend) {
        this.home = home;
        this.downstream = downstream;
        this.client = downstream.peer();
        this.frontend = frontend;
        this.startedEpochMillis = home.ticker().epochMillis();
        this.startedNanos = home.ticker().nanos();
    }

    /** Reads the table, once, and begins. */
    void begin() {
        guarded(TcpSession::admit, home.table());
    }

    private void admit(PublishedTable table) {
        Optional<Route> found = table.current().find(frontend);
        if (found.isEmpty()) {
            end(Side.PROXY, Phase.ADMIT, Cause.NO_ROUTE);
            return;
        }
        Route mine = found.get().from(client.ip());
        route = mine;
        mine.counters().connectionAccepted();
        if (!mine.admits(client.ip())) {
            end(Side.PROXY, Phase.ADMIT, Cause.FORBIDDEN_SOURCE);
        } else if (!mine.limit().tryAcquire()) {
            end(Side.PROXY, Phase.ADMIT, Cause.LIMIT);
        } else {
            downstream.keepAlive(mine.spec().policy().keepAlive());
            downstream.onReset(() -> guarded(TcpSession::clientLeft, Cause.RESET));
            dialNext(mine);
        }
    }

    // ---- connecting ----

    private void dialNext(Route mine) {
        ServicePolicy policy = mine.spec().policy();
        Duration left = policy.connectBudget().minusNanos(home.ticker().nanos() - startedNanos);
        if (failedAttempts.size() >= policy.connectAttempts() || !left.isPositive()) {
            endUnconnected();
            return;
        }
        Optional<Upstream> picked = pick(mine);
        if (picked.isEmpty()) {
            endUnconnected();
            return;
        }
        Upstream next = picked.get();
        upstream = next;
        next.enter();
        attemptNanos = home.ticker().nanos();
        Duration timeout = left.compareTo(policy.connectTimeout()) < 0 ? left : policy.connectTimeout();
        dial = home.path().dial(downstream.loop(), next.address(), timeout, policy.keepAlive(), this);
    }

    /** The next endpoint whose gate admits us; where every gate is shut, one of those all the same. */
    private Optional<Upstream> pick(Route mine) {
        while (true) {
            pickedBy = mine.spec().policy().balancer().name();
            Optional<Upstream> picked = mine.picker().pick(this);
            if (picked.isEmpty()) {
                if (gatesIgnored || mine.upstreams().isEmpty()) {
                    return picked;
                }
                gatesIgnored = true;
                continue;
            }
            Upstream candidate = picked.get();
            if (gatesIgnored) {
                mine.counters().connectionTriedAnyway();
                return picked;
            }
            if (candidate.gate().tryAcquire()) {
                gateHeld = true;
                return picked;
            }
            refused = with(refused, candidate); // its last trial went to another connection since the picker looked
        }
    }

    private static List<Upstream> with(List<Upstream> some, Upstream one) {
        List<Upstream> more = some.isEmpty() ? new ArrayList<>(2) : some;
        more.add(one);
        return more;
    }

    @Override
    public InetAddress client() {
        return client.ip();
    }

    @Override
    public boolean excluded(Upstream candidate) {
        return tried.contains(candidate)
                || (!gatesIgnored && (refused.contains(candidate) || candidate.gate().shut()));
    }

    @Override
    public void because(String why) {
        pickedBy = why;
    }

    /** What came of dialling. */
    @Override
    public void accept(DialOutcome outcome) {
        guarded(TcpSession::dialled, outcome);
    }

    private void dialled(DialOutcome outcome) {
        if (state != SessionState.CONNECTING || route == null || upstream == null) {
            throw new IllegalStateException("dial outcome: " + outcome + " while " + state);
        }
        dial = null;
        long nanos = home.ticker().nanos() - attemptNanos;
        switch (outcome) {
            case DialOutcome.Connected(Connection connection) -> connected(route, upstream, connection, nanos);
            case DialOutcome.Failed(Cause cause, String detail) -> failed(route, upstream, cause, detail, nanos);
            case DialOutcome.Starved(String detail) -> {
                releaseUpstream(upstream);
                home.starved(detail);
                end(Side.PROXY, Phase.CONNECT, Cause.LIMIT);
            }
        }
    }

    private void connected(Route mine, Upstream there, Connection connection, long nanos) {
        gateHeld = false;
        there.gate().connected(nanos);
        there.counters().connected(nanos);
        mine.picker().confirmed(this, there);
        lastByteNanos = home.ticker().nanos();
        connectNanos = lastByteNanos - startedNanos;
        state = state.to(SessionState.RELAYING);
        relay = home.path().relay(downstream, connection, this);
    }

    private void failed(Route mine, Upstream there, Cause cause, String detail, long nanos) {
        gateHeld = false;
        there.gate().failed(nanos, cause);
        there.counters().failed(cause);
        there.leave();
        upstream = null;
        if (failedAttempts.isEmpty()) {
            failedAttempts = new ArrayList<>(2);
        }
        failedAttempts.add(new FailedAttempt(there.address(), cause, detail));
        tried = with(tried, there);
        dialNext(mine);
    }

    private void endUnconnected() {
        if (failedAttempts.isEmpty()) {
            end(Side.PROXY, Phase.CONNECT, Cause.NO_ENDPOINT);
        } else {
            end(Side.UPSTREAM, Phase.CONNECT, failedAttempts.getLast().cause());
        }
    }

    private void clientLeft(Cause cause) {
        if (state == SessionState.CONNECTING) {
            end(Side.CLIENT, Phase.CONNECT, cause);
        }
    }

    // ---- relaying ----

    @Override
    public void halfClosed(Direction direction) {
        guarded(TcpSession::advance, SessionState.HALF_CLOSED);
    }

    private void advance(SessionState next) {
        state = state.to(next);
    }

    @Override
    public void ended(RelayEnd how) {
        guarded(TcpSession::relayEnded, how);
    }

    private void relayEnded(RelayEnd how) {
        if (how.side() == Side.UPSTREAM && how.cause() != Cause.FIN && upstream != null) {
            upstream.counters().failed(how.cause());
        }
        end(how.side(), Phase.RELAY, how.cause());
    }

    /** Moves what was relayed since the last time to the endpoint's counts, and ends an idle connection. */
    void sweep(long nowNanos) {
        if (state == SessionState.HALF_CLOSED && relay != null) {
            relay.probe();
        }
        if (state == SessionState.ENDED || relay == null || upstream == null || route == null) {
            return;
        }
        if (fold(relay, upstream)) {
            lastByteNanos = nowNanos;
        } else if (route.spec().policy().idleTimeout().isPresent()
                && nowNanos - lastByteNanos >= route.spec().policy().idleTimeout().get().toNanos()) {
            end(Side.PROXY, Phase.RELAY, Cause.IDLE);
        }
    }

    private boolean fold(Relay from, Upstream to) {
        long up = from.bytes(Direction.UP);
        long down = from.bytes(Direction.DOWN);
        if (up == foldedUp && down == foldedDown) {
            return false;
        }
        to.counters().relayed(up - foldedUp, down - foldedDown);
        foldedUp = up;
        foldedDown = down;
        return true;
    }

    // ---- ending ----

    /** Ends it for a reason of the proxy's own. */
    void end(Cause cause) {
        end(Side.PROXY, relay == null ? Phase.CONNECT : Phase.RELAY, cause);
    }

    private void end(Side side, Phase phase, Cause cause) {
        if (state == SessionState.ENDED) {
            return;
        }
        state = state.to(SessionState.ENDED);
        Optional<IpPort> relayedTo = Optional.empty();
        if (dial != null) {
            dial.cancel();
        }
        if (relay != null && upstream != null) {
            relayedTo = Optional.of(upstream.address());
            fold(relay, upstream);
            relay.reset(); // closes nothing that the relay has closed in order
        } else {
            downstream.reset();
        }
        if (upstream != null) {
            releaseUpstream(upstream);
        }
        if (route != null) {
            if (phase != Phase.RELAY) {
                route.counters().connectionFailed(cause);
            }
            route.counters().connectionEnded();
        }
        home.ended(this,
                new SessionSummary(Optional.ofNullable(route).map(r -> r.spec().service()), client, frontend.address(),
                        relayedTo, pickedBy, failedAttempts, startedEpochMillis, connectNanos,
                        home.ticker().nanos() - startedNanos, foldedUp, foldedDown,
                        new Termination(side, phase, cause)));
    }

    private void releaseUpstream(Upstream there) {
        upstream = null;
        if (gateHeld) {
            gateHeld = false;
            there.gate().release();
        }
        there.leave();
    }

    /**
     * A defect of ours costs this connection, and is told; it never costs the loop. A step is a method and its
     * argument: a lambda around both would be one more object each time.
     */
    private <A> void guarded(BiConsumer<TcpSession, A> step, A argument) {
        assert downstream.loop().inLoop();
        try {
            step.accept(this, argument);
        } catch (Throwable defect) {
            LOG.error("{} from {}: a defect of Fairlead ended this connection; please report it", frontend, client,
                    defect);
            end(Side.PROXY, relay == null ? Phase.CONNECT : Phase.RELAY, Cause.BUG);
        }
    }
}
