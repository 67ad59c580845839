package dev.fairlead.forward;

import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.Route;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.transport.BroughtFlow;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.FlowCallback;
import dev.fairlead.transport.FlowOpening;
import java.net.Inet6Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's flow to one endpoint: admitted, given an endpoint, ended when it is silent, when its endpoint no longer
 * serves or cannot be reached, or when it must make room. Confined to its loop.
 */
final class UdpSession extends Session implements FlowCallback {
    private enum State {
        /**
         * Has no endpoint: nothing has come since an earlier flow of the client failed, or it is just being looked at.
         */
        WAITING,
        /** Datagrams pass. */
        FLOWING, ENDED
    }

    private static final Logger LOG = LoggerFactory.getLogger(UdpSession.class);

    private final LoopFlows home;
    private final DatagramFlow flow;
    private final FlowList.Place amongItsService = new FlowList.Place(this);
    private final FlowList.Place amongUnreplied = new FlowList.Place(this);
    private State state = State.WAITING;
    private boolean heard;
    private boolean succeeded;
    private long seenUp;
    private long seenDown;
    private long foldedUp;
    private long foldedDown;
    private long spokeNanos;
    /** Where the loop's list keeps this flow. */
    int index = -1;

    /**
     * Waits for a datagram.
     *
     * @param inVain endpoints that the client's earlier flows have just failed at: they are not tried again
     */
    UdpSession(LoopFlows home, DatagramFlow flow, TransportAddress frontend, List<Upstream> inVain) {
        super(home.ticker(), flow.client(), frontend);
        this.home = home;
        this.flow = flow;
        exclude(inVain);
    }

    FlowList.Place amongItsService() {
        return amongItsService;
    }

    FlowList.Place amongUnreplied() {
        return amongUnreplied;
    }

    /** Whether the endpoint has ever answered. */
    boolean heard() {
        return heard;
    }

    boolean assured() {
        return flow.assured();
    }

    // ---- beginning ----

    /** There is a datagram: reads the table, once, and begins. */
    void begin() {
        guarded(UdpSession::admit);
    }

    private void admit() {
        startsNow();
        Optional<Route> found = home.table().current().find(frontend());
        if (found.isEmpty()) {
            refuse(Cause.NO_ROUTE);
            return;
        }
        Route mine = found.get().from(client());
        take(mine);
        if (!mine.admits(client())) {
            refuse(Cause.FORBIDDEN_SOURCE);
        } else if (mine.upstreams().isEmpty()) {
            refuse(Cause.NO_ENDPOINT); // for whom nobody need make room
        } else if (!mine.limit().tryAcquire() || !home.makeRoom(mine)) {
            refuse(Cause.LIMIT);
        } else {
            connectNext(mine);
        }
    }

    private void connectNext(Route mine) {
        ServicePolicy policy = mine.spec().policy();
        boolean madeRoom = false;
        while (tried().size() < policy.connectAttempts()) {
            Optional<Upstream> picked = next(mine);
            if (picked.isEmpty()) {
                break;
            }
            Upstream there = picked.get();
            switch (connect(there, mine.spec())) {
                case FlowOpening.Connected() -> {
                    flows(mine, there);
                    mine.picker().confirmed(this, there);
                    return;
                }
                case FlowOpening.Failed(Cause cause, String detail) -> failed(there, cause, detail);
                case FlowOpening.Starved _ -> {
                    release();
                    if (madeRoom || !home.makeRoomAtOnce(mine)) {
                        refuse(Cause.LIMIT);
                        return;
                    }
                    madeRoom = true;
                }
            }
        }
        refuse(failedAttempts().isEmpty() ? Cause.NO_ENDPOINT : failedAttempts().getLast().cause());
    }

    /** A door of our own would take each datagram for one of a new client, and pass it on to itself for ever. */
    private FlowOpening connect(Upstream there, RouteSpec spec) {
        boolean ours = home.table().current().find(TransportAddress.udp(there.address()))
                .filter(route -> route.spec().opens()).isPresent();
        return ours
                ? new FlowOpening.Failed(Cause.UNREACHABLE, "it is a frontend of this proxy")
                : flow.connect(there.address(), home.sourceFor(spec, client(), there.address()), this,
                        spec.policy().responses().orElse(0));
    }

    /** The datagram is dropped, silently, and the client forgotten. */
    private void refuse(Cause cause) {
        state = State.ENDED;
        flow.close();
        Route mine = route();
        if (mine != null) {
            mine.counters().connectionFailed(cause);
            mine.counters().connectionEnded();
        }
        if (!failedAttempts().isEmpty()) {
            home.told(summary(Optional.empty(), 0, 0, new Termination(Side.UPSTREAM, Phase.CONNECT, cause)));
        }
    }

    /** Goes on to the endpoint to which another process has connected its socket. */
    void goOn(FlowInHand before, Route mine, Upstream there) {
        startsNow();
        take(mine);
        goesOnTo(there);
        heard = before.heard();
        int asked = mine.spec().policy().responses().orElse(0);
        if (flow.connect(there.address(), null, this,
                asked == 0 ? 0 : (int) Math.max(1, asked - before.replies())) instanceof FlowOpening.Connected) {
            flows(mine, there);
        } else {
            release();
            refuse(Cause.LIMIT);
        }
    }

    private void flows(Route mine, Upstream there) {
        state = State.FLOWING;
        spokeNanos = home.ticker().nanos();
        home.entered(this, mine);
        there.counters().flowOpened();
    }

    /** As it is to be handed to another process; empty where it has no endpoint, or its sockets cannot be shown. */
    Optional<FlowInHand> inHand() {
        Upstream there = upstream();
        // An address of one link alone would need that link's number, too: such a client begins anew.
        boolean ofOneLink = client() instanceof Inet6Address six && six.getScopeId() != 0;
        if (state != State.FLOWING || there == null || ofOneLink || flow.descriptor().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new FlowInHand(frontend(), there.address(),
                new BroughtFlow(flow.socket(), flow.client(), flow.descriptor().getAsInt(), flow.assured()), heard,
                flow.datagrams(Direction.DOWN)));
    }

    @Override
    public void wanted() {
        begin();
    }

    // ---- flowing ----

    @Override
    public void replied() {
        guarded(UdpSession::firstReply);
    }

    private void firstReply() {
        Upstream there = upstream();
        Route mine = route();
        if (there != null && mine != null && !heard) {
            heard = true;
            there.counters().replied(answered(there));
            home.spoke(this, mine);
        }
    }

    @Override
    public void answered() {
        guarded(mine -> mine.end(Side.UPSTREAM, Phase.RELAY, Cause.ANSWERED));
    }

    @Override
    public void unreachable(Cause cause, String detail) {
        guarded(mine -> mine.endpointFailed(cause, detail));
    }

    /** This flow is over; the client's next datagram goes elsewhere, unless it has been everywhere by then. */
    private void endpointFailed(Cause cause, String detail) {
        Upstream there = upstream();
        Route mine = route();
        if (state != State.FLOWING || there == null || mine == null) {
            return;
        }
        fold(there);
        failed(there, cause, detail);
        if (tried().size() < mine.spec().policy().connectAttempts() && othersAreLeft()) {
            UdpSession successor = new UdpSession(home, flow, frontend(), tried());
            flow.disconnect(successor);
            home.waits(successor);
            succeeded = true;
        }
        finish(mine, heard ? Optional.of(there.address()) : Optional.empty(),
                new Termination(Side.UPSTREAM, heard ? Phase.RELAY : Phase.CONNECT, cause));
    }

    /** The next datagram reads the table anew, which may know endpoints that have come since this flow began. */
    private boolean othersAreLeft() {
        return home.table().current().find(frontend())
                .map(now -> !tried().containsAll(now.from(client()).upstreams())).orElse(false);
    }

    /** The endpoint no longer serves, if it is this flow's. */
    void cut(ServicePortName service, IpPort endpoint) {
        Upstream there = upstream();
        if (there != null && there.address().equals(endpoint) && there.service().equals(service)) {
            guarded(mine -> mine.end(Cause.NOT_SERVING));
        }
    }

    /**
     * The table is another than at the last sweep. An external address or a node port may have moved from one Service
     * to another that lives on: then this flow is over.
     */
    void tableChanged() {
        guarded(UdpSession::lookWhoseFrontend);
    }

    private void lookWhoseFrontend() {
        Route mine = route();
        if (mine != null && home.table().current().find(frontend())
                .filter(found -> found.spec().service().equals(mine.spec().service())).isEmpty()) {
            end(Cause.NO_ROUTE);
        }
    }

    /** Moves what passed since the last time to the endpoint's counts, and ends a flow that is silent. */
    void sweep(long nowNanos) {
        guarded(mine -> mine.look(nowNanos));
    }

    private void look(long nowNanos) {
        Upstream there = upstream();
        Route mine = route();
        if (state != State.FLOWING || there == null || mine == null) {
            return;
        }
        ServicePolicy policy = mine.spec().policy();
        // Many a UDP service never answers. Its flows must not keep an endpoint on trial for as long as they live.
        if (!heard && sinceStartNanos() >= policy.connectTimeout().toNanos()) {
            undecided(there);
        }
        if (fold(there)) {
            spokeNanos = nowNanos;
            home.spoke(this, mine);
            return;
        }
        Duration most = heard ? policy.udpStreamTimeout() : policy.udpTimeout();
        if (nowNanos - spokeNanos >= most.toNanos()) {
            end(Cause.IDLE);
        }
    }

    LiveSession seen() {
        return seen(heard ? "relaying" : "unanswered", foldedUp, foldedDown);
    }

    private boolean fold(Upstream to) {
        long up = flow.datagrams(Direction.UP);
        long down = flow.datagrams(Direction.DOWN);
        if (up == seenUp && down == seenDown) {
            return false;
        }
        seenUp = up;
        seenDown = down;
        long bytesUp = flow.bytes(Direction.UP);
        long bytesDown = flow.bytes(Direction.DOWN);
        to.counters().relayed(bytesUp - foldedUp, bytesDown - foldedDown);
        foldedUp = bytesUp;
        foldedDown = bytesDown;
        return true;
    }

    // ---- ending ----

    @Override
    public void doorClosed() {
        if (state == State.WAITING) {
            state = State.ENDED;
        }
        guarded(mine -> mine.end(mine.whyClosed()));
    }

    private Cause whyClosed() {
        RoutingTable table = home.table().current();
        return table.find(frontend())
                .map(found -> found.spec().opens() ? Cause.SHUTDOWN : Cause.NO_ENDPOINT).orElse(Cause.NO_ROUTE);
    }

    /** It was not wanted for long enough; does nothing where it was. */
    void forgotten() {
        if (state == State.WAITING) {
            state = State.ENDED;
            flow.close();
        }
    }

    /** Ends it for a reason of the proxy's own. */
    void end(Cause cause) {
        end(Side.PROXY, Phase.RELAY, cause);
    }

    private void end(Side side, Phase phase, Cause cause) {
        Upstream there = upstream();
        Route mine = route();
        if (state != State.FLOWING || there == null || mine == null) {
            return;
        }
        fold(there);
        release();
        finish(mine, Optional.of(there.address()), new Termination(side, phase, cause));
    }

    private void finish(Route mine, Optional<IpPort> relayedTo, Termination how) {
        state = State.ENDED;
        if (!succeeded) {
            flow.close();
        }
        if (how.phase() != Phase.RELAY) {
            mine.counters().connectionFailed(how.cause());
        }
        mine.counters().connectionEnded();
        home.left(this, mine, summary(relayedTo, foldedUp, foldedDown, how));
    }

    /** A defect of ours costs this flow, and is told; it never costs the loop. */
    private void guarded(Consumer<UdpSession> step) {
        assert flow.loop().inLoop();
        try {
            step.accept(this);
        } catch (Throwable defect) {
            LOG.error("{} from {}: a defect of Fairlead ended this flow; please report it", frontend(), flow.client(),
                    defect);
            end(Cause.BUG);
            if (state == State.WAITING) {
                release();
                refuse(Cause.BUG);
            }
            flow.close();
        }
    }
}
