package dev.fairlead.balance;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint the clients of one service port were connected to last. One table per service port, shared by all its
 * frontends, scopes and pickers, living as long as the service port. Any thread.
 * <p>
 * The table is bounded, since anybody who can spoof or rotate addresses could fill it: when it is full, a new client
 * takes the place of the one that came last the longest ago. It is kept in stripes by client, each with a short lock of
 * its own, in the order of each client's last connection; so the bound and "the longest ago" hold per stripe. Whatever
 * is expired goes when its client comes back, or when two others of its stripe do: never more than two at once, so no
 * connection pays for a sweep.
 */
public final class AffinityTable {
    /** Clients remembered for one service port unless told otherwise: some 8 MB when all places are taken. */
    public static final int DEFAULT_CAPACITY = 65_536;

    private static final int STRIPE_BITS = 4;
    // Below this a stripe would be so small that the bound depended on the luck of the hash.
    private static final int LEAST_STRIPED = 16_384;
    private static final int SWEPT_AT_ONCE = 2;

    private final Ticker ticker;
    private final Stripe[] stripes;

    public AffinityTable(Ticker ticker) {
        this(ticker, DEFAULT_CAPACITY);
    }

    /**
     * @param capacity clients remembered at once, at least 1
     */
    public AffinityTable(Ticker ticker, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: " + capacity + " (expected: at least 1)");
        }
        this.ticker = ticker;
        this.stripes = new Stripe[capacity < LEAST_STRIPED ? 1 : 1 << STRIPE_BITS];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe(capacity / stripes.length);
        }
    }

    /** The client's endpoint; null where there is none or where its last connection is the timeout ago or longer. */
    @Nullable
    IpPort recall(InetAddress client, Duration timeout) {
        return stripe(client).recall(client, timeout.toNanos());
    }

    /** The client was connected there just now. */
    void remember(InetAddress client, IpPort endpoint, Duration timeout) {
        stripe(client).remember(client, endpoint, timeout.toNanos());
    }

    /** Clients remembered, those included whose time is over and who are not swept yet. */
    public int size() {
        int size = 0;
        for (Stripe stripe : stripes) {
            size += stripe.size();
        }
        return size;
    }

    private Stripe stripe(InetAddress client) {
        // Neighbouring addresses have neighbouring hash codes; Fibonacci's multiplier spreads them.
        int spread = client.hashCode() * 0x9E3779B9;
        return stripes.length == 1 ? stripes[0] : stripes[spread >>> (Integer.SIZE - STRIPE_BITS)];
    }

    private record Memory(IpPort endpoint, long at) {
    }

    private final class Stripe {
        private final int capacity;
        private final LinkedHashMap<InetAddress, Memory> memories = new LinkedHashMap<>();

        Stripe(int capacity) {
            this.capacity = capacity;
        }

        synchronized @Nullable IpPort recall(InetAddress client, long timeoutNanos) {
            Memory memory = memories.get(client);
            if (memory == null) {
                return null;
            }
            if (ticker.nanos() - memory.at >= timeoutNanos) {
                memories.remove(client);
                return null;
            }
            return memory.endpoint;
        }

        synchronized void remember(InetAddress client, IpPort endpoint, long timeoutNanos) {
            long now = ticker.nanos();
            memories.putLast(client, new Memory(endpoint, now));
            Iterator<Map.Entry<InetAddress, Memory>> oldest = memories.entrySet().iterator();
            for (int swept = 0; swept < SWEPT_AT_ONCE; swept++) {
                boolean expired = now - oldest.next().getValue().at >= timeoutNanos;
                if (!expired && memories.size() <= capacity) {
                    return;
                }
                oldest.remove();
            }
        }

        synchronized int size() {
            return memories.size();
        }
    }
}
