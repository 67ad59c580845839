package dev.fairlead.transport.datagram;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clients of one door on one loop: chained hashing over numbers, so that a look-up makes no object. Who could
 * choose its address and port to collide with others does not know the salt. Confined to its loop.
 */
final class FlowTable {
    private static final int LEAST = 8;

    private final long salt;
    private @Nullable SocketFlow[] chains = new SocketFlow[LEAST];
    private int size;

    FlowTable(long salt) {
        this.salt = salt;
    }

    @Nullable
    SocketFlow find(long high, long low, int port, int scope) {
        SocketFlow flow = chains[chain(high, low, port, scope)];
        while (flow != null && !flow.is(high, low, port, scope)) {
            flow = flow.next;
        }
        return flow;
    }

    void add(SocketFlow flow) {
        if (size >= chains.length) {
            resize(2 * chains.length);
        }
        link(flow);
        size++;
    }

    void remove(SocketFlow flow) {
        int chain = chain(flow);
        SocketFlow before = null;
        SocketFlow at = chains[chain];
        while (at != null && !at.equals(flow)) {
            before = at;
            at = at.next;
        }
        if (at == null) {
            return;
        }
        if (before == null) {
            chains[chain] = flow.next;
        } else {
            before.next = flow.next;
        }
        flow.next = null;
        if (--size < chains.length / 8 && chains.length > LEAST) {
            resize(chains.length / 2);
        }
    }

    List<SocketFlow> all() {
        List<SocketFlow> all = new ArrayList<>(size);
        for (SocketFlow first : chains) {
            for (SocketFlow flow = first; flow != null; flow = flow.next) {
                all.add(flow);
            }
        }
        return all;
    }

    private void resize(int length) {
        List<SocketFlow> all = all();
        chains = new SocketFlow[length];
        all.forEach(this::link);
    }

    private void link(SocketFlow flow) {
        int chain = chain(flow);
        flow.next = chains[chain];
        chains[chain] = flow;
    }

    private int chain(SocketFlow flow) {
        return chain(flow.high(), flow.low(), flow.port(), flow.scope());
    }

    private int chain(long high, long low, int port, int scope) {
        return hash(salt, high, low, port, scope) & chains.length - 1;
    }

    /**
     * The steps are those of MurmurHash3's 64-bit finalizer. One lies between address and port: who has 2^64 addresses
     * could otherwise make up for the difference of two ports by that of two addresses, whatever the salt.
     */
    static int hash(long salt, long high, long low, int port, int scope) {
        long hash = salt + high * 0x9e3779b97f4a7c15L;
        hash = (hash ^ low) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33 ^ (long) port << 32 ^ scope) * 0xc4ceb9fe1a85ec53L;
        return (int) (hash >>> 32);
    }
}
