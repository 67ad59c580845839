package dev.fairlead.forward;

import dev.fairlead.balance.Upstream;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.Route;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The UDP flows of one loop, and who makes room when there are too many. Confined to it. */
final class LoopFlows {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final int MOST_WAITING = 1024;

    private final Sessions all;
    private final FlowRoom room;
    private RoutingTable swept = RoutingTable.EMPTY;
    private final List<UdpSession> live = new ArrayList<>();
    private final Map<ServicePortName, ServiceFlows> byService = new HashMap<>();
    /** Of all services, from the one that has waited longest. */
    private final FlowList unreplied = new FlowList();

    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /** It has no endpoint; or it has one again, and is then none of those that wait. */
    private record Waiting(UdpSession flow, long sinceNanos) {
    }

    LoopFlows(Sessions all, FlowRoom room) {
        this.all = all;
        this.room = room;
    }

    /** A client sent its first datagram. */
    void arrived(DatagramFlow flow, TransportAddress frontend) {
        new UdpSession(this, flow, frontend, List.of()).begin();
    }

    /**
     * A client of another process has been brought. Where its endpoint serves no more by now its next datagram is a
     * newcomer's.
     */
    void goOn(DatagramFlow flow, FlowInHand before, Upstream there) {
        table().current().find(before.frontend()).map(route -> route.from(flow.client().ip()))
                .filter(route -> route.spec().endpoints().contains(there.address()))
                .ifPresent(route -> new UdpSession(this, flow, before.frontend(), List.of()).goOn(before, route,
                        there));
    }

    /** As {@link LoopSessions#seen}. */
    List<LiveSession> seen(int from, int most) {
        int end = Math.min(from, live.size());
        return live.subList(Math.max(0, end - most), end).stream().map(UdpSession::seen).toList();
    }

    int size() {
        return live.size();
    }

    /** Those that another process can go on with. */
    List<FlowInHand> inHand() {
        return live.stream().flatMap(flow -> flow.inHand().stream()).toList();
    }

    /** Another process goes on with these: clients by their frontend. */
    void handedOver(Map<TransportAddress, Set<IpPort>> clients) {
        for (UdpSession flow : List.copyOf(live)) {
            if (clients.getOrDefault(flow.frontend(), Set.of()).contains(flow.clientAddress())) {
                flow.end(Cause.HANDED_OVER);
            }
        }
    }

    /**
     * Makes room for one more flow of a service port.
     *
     * @return whether there is
     */
    boolean makeRoom(Route route) {
        if (route.counters().flows() >= room.quota(route.spec().policy()) && !evict(dispensable(route))) {
            return false;
        }
        return !room.full() || makeRoomAtOnce(route);
    }

    /** The same where the kernel has no room: for want of descriptors, memory or local ports. */
    boolean makeRoomAtOnce(Route route) {
        return evict(unreplied.oldest()) || evict(dispensable(route));
    }

    private @Nullable UdpSession dispensable(Route route) {
        ServiceFlows mine = byService.get(route.spec().service());
        return mine == null ? null : mine.dispensable();
    }

    private static boolean evict(@Nullable UdpSession one) {
        if (one == null) {
            return false;
        }
        one.end(Cause.EVICTED);
        return true;
    }

    private ServiceFlows flows(ServicePortName service) {
        return byService.computeIfAbsent(service, _ -> new ServiceFlows());
    }

    /** A flow has an endpoint now. */
    void entered(UdpSession flow, Route route) {
        room.enter();
        route.counters().flowOpened();
        flow.index = live.size();
        live.add(flow);
        flows(route.spec().service()).place(flow);
        if (!flow.heard()) {
            unreplied.add(flow.amongUnreplied());
        }
    }

    /** A client whose endpoint failed is kept in mind for a while, without a socket. */
    void waits(UdpSession flow) {
        waiting.addLast(new Waiting(flow, ticker().nanos()));
        if (waiting.size() > MOST_WAITING) {
            waiting.removeFirst().flow.forgotten();
        }
    }

    /** A flow has been answered for the first time, or has spoken since the last sweep. */
    void spoke(UdpSession flow, Route route) {
        flows(route.spec().service()).place(flow);
        if (flow.heard()) {
            flow.amongUnreplied().leave();
        } else {
            unreplied.add(flow.amongUnreplied());
        }
    }

    /** The last one takes the place of the one that goes. */
    @SuppressWarnings("ReferenceEquality")
    void left(UdpSession flow, Route route, SessionSummary summary) {
        room.leave();
        route.counters().flowClosed();
        UdpSession last = live.removeLast();
        if (last != flow) {
            live.set(flow.index, last);
            last.index = flow.index;
        }
        flow.index = -1;
        flow.amongItsService().leave();
        flow.amongUnreplied().leave();
        if (flows(route.spec().service()).size() == 0) {
            byService.remove(route.spec().service());
        }
        told(summary);
    }

    /** What a flow's life was, or an attempt at one. */
    void told(SessionSummary summary) {
        all.tell(summary);
    }

    /** Backwards, since a flow that ends here is replaced by the last one, which was looked at already. */
    @SuppressWarnings("ReferenceEquality")
    void sweep() {
        long now = ticker().nanos();
        RoutingTable current = table().current();
        boolean changed = current != swept;
        swept = current;
        for (int i = live.size() - 1; i >= 0; i--) {
            UdpSession flow = live.get(i);
            if (changed) {
                flow.tableChanged();
            }
            flow.sweep(now);
        }
        while (!waiting.isEmpty() && now - waiting.getFirst().sinceNanos >= WAIT.toNanos()) {
            waiting.removeFirst().flow.forgotten();
        }
    }

    /** Ends the flows to an endpoint that no longer serves; backwards for the same reason. */
    void cut(ServicePortName service, IpPort endpoint) {
        if (byService.containsKey(service)) {
            for (int i = live.size() - 1; i >= 0; i--) {
                live.get(i).cut(service, endpoint);
            }
        }
    }

    void endAll(Cause cause) {
        for (UdpSession flow : List.copyOf(live)) {
            flow.end(cause);
        }
    }

    /** Whose address the flow to an endpoint carries; null = this node's. */
    @Nullable
    InetAddress sourceFor(RouteSpec spec, InetAddress client, IpPort endpoint) {
        return all.sourceFor(spec, client, endpoint);
    }

    PublishedTable table() {
        return all.table();
    }

    Ticker ticker() {
        return all.ticker();
    }
}
