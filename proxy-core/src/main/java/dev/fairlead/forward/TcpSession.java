package dev.fairlead.forward;

import dev.fairlead.balance.Upstream;
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
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Dial;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.Relay;
import dev.fairlead.transport.RelayCallback;
import dev.fairlead.transport.RelayEnd;
import java.time.Duration;
import java.util.Locale;
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
final class TcpSession extends Session implements Consumer<DialOutcome>, RelayCallback {
    private static final Logger LOG = LoggerFactory.getLogger(TcpSession.class);

    /** How long a load balancer may take to say who its client is: one that retransmits once or twice is heard. */
    static final Duration INTRODUCTION = Duration.ofSeconds(5);

    private final LoopSessions home;
    private final Connection downstream;

    private SessionState state = SessionState.ADMITTING;
    private @Nullable Dial dial;
    private @Nullable Relay relay;
    private long foldedUp;
    private long foldedDown;
    private long lastByteNanos;
    private IpPort dialled;
    private long introductionNanos;
    /** Where the loop's list keeps this session. */
    int index = -1;

    TcpSession(LoopSessions home, Connection downstream, TransportAddress frontend) {
        super(home.ticker(), downstream.peer(), frontend);
        this.home = home;
        this.downstream = downstream;
        this.dialled = frontend.address();
        startsNow();
    }

    /** Reads the table, once, and begins. */
    void begin() {
        guarded(TcpSession::admit, home.table());
    }

    private void admit(PublishedTable table) {
        Optional<Route> found = table.current().find(frontend());
        if (found.isEmpty()) {
            end(Side.PROXY, Phase.ADMIT, Cause.NO_ROUTE);
            return;
        }
        Route all = found.get();
        if (all.spec().policy().clientAddress().trusts(client())) {
            take(all);
            downstream.onReset(() -> guarded(TcpSession::clientLeft, Cause.RESET));
            downstream.readPreface(new Introduction(header -> guarded(TcpSession::introduced, header)));
        } else {
            Route mine = all.from(client());
            take(mine);
            enter(mine);
        }
    }

    /** The load balancer has said who its client is. */
    private void introduced(ProxyHeader header) {
        Route all = route();
        if (state != SessionState.ADMITTING || all == null) {
            return;
        }
        introductionNanos = sinceStartNanos();
        switch (header) {
            case ProxyHeader.Proxied(IpPort source, IpPort destination, _) -> {
                Route mine = all.from(source.ip());
                introduce(source, mine);
                dialled = destination;
                enter(mine);
            }
            case ProxyHeader.Own _ -> {
                Route mine = all.from(client());
                introduce(clientAddress(), mine);
                enter(mine);
            }
            case ProxyHeader.Malformed(String why) -> {
                LOG.debug("{} from {}: no PROXY protocol header: {}", frontend(), downstream.peer(), why);
                end(Side.PROXY, Phase.ADMIT, Cause.BAD_HEADER);
            }
            case ProxyHeader.Partial _ -> end(Side.CLIENT, Phase.ADMIT, Cause.FIN);
        }
    }

    private void enter(Route mine) {
        if (!mine.admits(client())) {
            end(Side.PROXY, Phase.ADMIT, Cause.FORBIDDEN_SOURCE);
        } else if (!mine.limit().tryAcquire()) {
            end(Side.PROXY, Phase.ADMIT, Cause.LIMIT);
        } else {
            state = state.to(SessionState.CONNECTING);
            downstream.keepAlive(mine.spec().policy().keepAlive());
            downstream.onReset(() -> guarded(TcpSession::clientLeft, Cause.RESET));
            dialNext(mine);
        }
    }

    // ---- connecting ----

    private void dialNext(Route mine) {
        ServicePolicy policy = mine.spec().policy();
        Duration left = policy.connectBudget().minusNanos(sinceStartNanos() - introductionNanos);
        if (failedAttempts().size() >= policy.connectAttempts() || !left.isPositive()) {
            endUnconnected();
            return;
        }
        Optional<Upstream> picked = next(mine);
        if (picked.isEmpty()) {
            endUnconnected();
            return;
        }
        Duration timeout = left.compareTo(policy.connectTimeout()) < 0 ? left : policy.connectTimeout();
        IpPort endpoint = picked.get().address();
        dial = home.path().dial(downstream.loop(), endpoint, home.sourceFor(mine.spec(), client(), endpoint), timeout,
                policy.keepAlive(), this);
    }

    /** What came of dialling. */
    @Override
    public void accept(DialOutcome outcome) {
        guarded(TcpSession::dialled, outcome);
    }

    private void dialled(DialOutcome outcome) {
        Route mine = route();
        Upstream there = upstream();
        if (state != SessionState.CONNECTING || mine == null || there == null) {
            throw new IllegalStateException("dial outcome: " + outcome + " while " + state);
        }
        dial = null;
        switch (outcome) {
            case DialOutcome.Connected(Connection connection) -> connected(mine, there, connection);
            case DialOutcome.Failed(Cause cause, String detail) -> {
                failed(there, cause, detail);
                dialNext(mine);
            }
            case DialOutcome.Starved(String detail) -> {
                release();
                home.starved(detail);
                end(Side.PROXY, Phase.CONNECT, Cause.LIMIT);
            }
        }
    }

    private void connected(Route mine, Upstream there, Connection connection) {
        there.counters().connected(answered(there));
        mine.picker().confirmed(this, there);
        lastByteNanos = home.ticker().nanos();
        state = state.to(SessionState.RELAYING);
        relay = home.path().relay(downstream, connection, preface(mine), this);
    }

    /** What the endpoint is told before the client is heard. */
    private byte[] preface(Route mine) {
        return switch (mine.spec().policy().clientAddress().announced()) {
            case OFF -> DataPath.NO_PREFACE;
            case V1 -> ProxyHeaderWriter.version1(clientAddress(), dialled);
            case V2 -> ProxyHeaderWriter.version2(clientAddress(), dialled, mine.spec().service());
        };
    }

    private void endUnconnected() {
        if (failedAttempts().isEmpty()) {
            end(Side.PROXY, Phase.CONNECT, Cause.NO_ENDPOINT);
        } else {
            end(Side.UPSTREAM, Phase.CONNECT, failedAttempts().getLast().cause());
        }
    }

    private void clientLeft(Cause cause) {
        if (relay == null) {
            end(Side.CLIENT, phase(), cause);
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
        Upstream there = upstream();
        if (how.side() == Side.UPSTREAM && how.cause() != Cause.FIN && there != null) {
            there.counters().failed(how.cause(), home.ticker().epochMillis());
        }
        end(how.side(), Phase.RELAY, how.cause());
    }

    /** Moves what was relayed since the last time to the endpoint's counts, and ends an idle connection. */
    void sweep(long nowNanos) {
        if (state == SessionState.ADMITTING && sinceStartNanos() >= INTRODUCTION.toNanos()) {
            end(Side.PROXY, Phase.ADMIT, Cause.TIMEOUT);
            return;
        }
        if (state == SessionState.HALF_CLOSED && relay != null) {
            relay.probe();
        }
        Upstream there = upstream();
        Route mine = route();
        if (state == SessionState.ENDED || relay == null || there == null || mine == null) {
            return;
        }
        if (fold(relay, there)) {
            lastByteNanos = nowNanos;
        } else if (mine.spec().policy().idleTimeout().isPresent()
                && nowNanos - lastByteNanos >= mine.spec().policy().idleTimeout().get().toNanos()) {
            end(Side.PROXY, Phase.RELAY, Cause.IDLE);
        }
    }

    LiveSession seen() {
        return seen(state.name().toLowerCase(Locale.ROOT).replace('_', ' '), foldedUp, foldedDown);
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
        end(Side.PROXY, phase(), cause);
    }

    private Phase phase() {
        if (state == SessionState.ADMITTING) {
            return Phase.ADMIT;
        }
        return relay == null ? Phase.CONNECT : Phase.RELAY;
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
        Upstream there = upstream();
        if (relay != null && there != null) {
            relayedTo = Optional.of(there.address());
            fold(relay, there);
            relay.reset(); // closes nothing that the relay has closed in order
        } else {
            downstream.reset();
        }
        release();
        Route mine = route();
        if (mine != null) {
            if (phase != Phase.RELAY) {
                mine.counters().connectionFailed(cause);
            }
            mine.counters().connectionEnded();
        }
        home.ended(this, summary(relayedTo, foldedUp, foldedDown, new Termination(side, phase, cause)));
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
            LOG.error("{} from {}: a defect of Fairlead ended this connection; please report it", frontend(),
                    downstream.peer(), defect);
            end(Cause.BUG);
        }
    }
}
