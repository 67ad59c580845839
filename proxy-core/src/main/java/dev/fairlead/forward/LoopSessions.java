package dev.fairlead.forward;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.PublishedTable;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The live sessions of one loop. Confined to it. */
final class LoopSessions {
    private final Sessions all;
    private final List<TcpSession> live = new ArrayList<>();

    LoopSessions(Sessions all) {
        this.all = all;
    }

    void begin(Connection downstream, TransportAddress frontend) {
        TcpSession session = new TcpSession(this, downstream, frontend);
        session.index = live.size();
        live.add(session);
        session.begin();
    }

    /** The last one takes the place of the one that goes. */
    void ended(TcpSession session, SessionSummary summary) {
        TcpSession last = live.removeLast();
        if (last != session) {
            live.set(session.index, last);
            last.index = session.index;
        }
        session.index = -1;
        all.ended(summary);
    }

    /** Backwards, since a session that ends here is replaced by the last one, which was looked at already. */
    void sweep() {
        long now = ticker().nanos();
        for (int i = live.size() - 1; i >= 0; i--) {
            live.get(i).sweep(now);
        }
    }

    /** Some of them, from one place in the list down; what ends meanwhile may be missed, or shown twice. */
    List<LiveSession> seen(int from, int most) {
        int end = Math.min(from, live.size());
        return live.subList(Math.max(0, end - most), end).stream().map(TcpSession::seen).toList();
    }

    int size() {
        return live.size();
    }

    void endAll(Cause cause) {
        for (TcpSession session : List.copyOf(live)) {
            session.end(cause);
        }
    }

    /** Whose address the connection to an endpoint carries; null = this node's. */
    @Nullable
    InetAddress sourceFor(RouteSpec spec, InetAddress client, IpPort endpoint) {
        return all.sourceFor(spec, client, endpoint);
    }

    PublishedTable table() {
        return all.table();
    }

    DataPath path() {
        return all.path();
    }

    Ticker ticker() {
        return all.ticker();
    }

    void starved(String why) {
        all.starved(why);
    }
}
