package dev.fairlead.forward;

import dev.fairlead.balance.PickContext;
import dev.fairlead.balance.Upstream;
import dev.fairlead.forward.SessionSummary.FailedAttempt;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.Route;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client's connection and a client's flow have in common: a route, and the endpoints that are tried one after
 * the other. Confined to its loop.
 */
abstract sealed class Session implements PickContext permits TcpSession, UdpSession {
    private final Ticker ticker;
    private IpPort client;
    private final TransportAddress frontend;
    private long startedEpochMillis;
    private long startedNanos;
    private @Nullable Route route;
    private @Nullable Upstream upstream;
    private boolean gateHeld;
    /** The gate was told what came of the attempt, or that nothing has. */
    private boolean judged;
    private boolean gatesIgnored;
    private String pickedBy = "";
    private List<FailedAttempt> failedAttempts = List.of();
    private List<Upstream> tried = List.of();
    /** Endpoints whose gate said no though it did not look shut. */
    private List<Upstream> refused = List.of();
    private long attemptNanos;
    private long connectNanos;

    Session(Ticker ticker, IpPort client, TransportAddress frontend) {
        this.ticker = ticker;
        this.client = client;
        this.frontend = frontend;
    }

    /** Its times count from here. */
    final void startsNow() {
        startedEpochMillis = ticker.epochMillis();
        startedNanos = ticker.nanos();
    }

    final TransportAddress frontend() {
        return frontend;
    }

    final IpPort clientAddress() {
        return client;
    }

    final long sinceStartNanos() {
        return ticker.nanos() - startedNanos;
    }

    final @Nullable Route route() {
        return route;
    }

    /** As it is now. */
    final LiveSession seen(String state, long bytesUp, long bytesDown) {
        return new LiveSession(client, frontend, Optional.ofNullable(route).map(taken -> taken.spec().service()),
                Optional.ofNullable(upstream).map(Upstream::address), state, sinceStartNanos(), bytesUp, bytesDown);
    }

    /** From now on it is counted there. */
    final void take(Route taken) {
        route = taken;
        taken.counters().connectionAccepted();
    }

    /** Who connected has said that it speaks for somebody else, whose way may be another. */
    final void introduce(IpPort behind, Route its) {
        client = behind;
        route = its;
    }

    /** Where it goes, or is trying to. */
    final @Nullable Upstream upstream() {
        return upstream;
    }

    /**
     * The next endpoint whose gate admits us; where every gate is shut, one of those all the same. Absent: none is
     * left.
     */
    final Optional<Upstream> next(Route mine) {
        Optional<Upstream> picked = pick(mine);
        if (picked.isPresent()) {
            upstream = picked.get();
            upstream.enter();
            attemptNanos = ticker.nanos();
        }
        return picked;
    }

    /** Goes on to an endpoint that another process picked. */
    final void goesOnTo(Upstream there) {
        upstream = there;
        there.enter();
        judged = true;
        pickedBy = "handover";
        attemptNanos = ticker.nanos();
    }

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
    public final InetAddress client() {
        return client.ip();
    }

    @Override
    public final boolean excluded(Upstream candidate) {
        return tried.contains(candidate)
                || (!gatesIgnored && (refused.contains(candidate) || candidate.gate().shut()));
    }

    @Override
    public final void because(String why) {
        pickedBy = why;
    }

    /** Endpoints tried in vain so far. */
    final List<FailedAttempt> failedAttempts() {
        return failedAttempts;
    }

    /** This endpoint is not tried again. */
    final void exclude(List<Upstream> endpoints) {
        endpoints.forEach(one -> tried = with(tried, one));
    }

    final List<Upstream> tried() {
        return tried;
    }

    /** The endpoint has answered; returns how long that took, in nanoseconds. */
    final long answered(Upstream there) {
        long nanos = ticker.nanos() - attemptNanos;
        gateHeld = false;
        judged = true;
        there.gate().connected(nanos);
        connectNanos = sinceStartNanos();
        return nanos;
    }

    /** The endpoint, or the way to it, has failed; the next pick is another. */
    final void failed(Upstream there, Cause cause, String detail) {
        long nanos = ticker.nanos() - attemptNanos;
        gateHeld = false;
        // An endpoint that was judged before fails once more, as if another client had tried.
        if (!judged || there.gate().tryAcquire()) {
            there.gate().failed(nanos, cause);
        }
        there.counters().failed(cause, ticker.epochMillis());
        there.leave();
        upstream = null;
        if (failedAttempts.isEmpty()) {
            failedAttempts = new ArrayList<>(2);
        }
        failedAttempts.add(new FailedAttempt(there.address(), cause, detail));
        tried = with(tried, there);
    }

    /** Nothing can be said of the attempt yet: where its like are few at a time, another may be made meanwhile. */
    final void undecided(Upstream there) {
        if (gateHeld) {
            gateHeld = false;
            judged = true;
            there.gate().release();
        }
    }

    /** Lets go of the endpoint, for a reason that says nothing about it. */
    final void release() {
        Upstream there = upstream;
        if (there == null) {
            return;
        }
        upstream = null;
        if (gateHeld) {
            gateHeld = false;
            there.gate().release();
        }
        there.leave();
    }

    /**
     * Its life.
     *
     * @param relayedTo absent where nothing was relayed
     */
    final SessionSummary summary(Optional<IpPort> relayedTo, long bytesUp, long bytesDown,
            Termination termination) {
        return new SessionSummary(Optional.ofNullable(route).map(taken -> taken.spec().service()), client,
                frontend, relayedTo, pickedBy, failedAttempts, startedEpochMillis, connectNanos, sinceStartNanos(),
                bytesUp, bytesDown, termination);
    }
}
