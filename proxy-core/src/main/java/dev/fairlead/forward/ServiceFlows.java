package dev.fairlead.forward;

import org.jspecify.annotations.Nullable;

/**
 * The flows of one service port on one loop, by how much says that somebody is there: whoever makes room goes in that
 * order, as connections do that a firewall tracks. Confined to its loop.
 */
final class ServiceFlows {
    private static final int SPARED_SHARE = 8;

    private final FlowList unreplied = new FlowList();
    private final FlowList replied = new FlowList();
    private final FlowList assured = new FlowList();

    /** Puts a flow where it belongs now, as the one that spoke last. */
    void place(UdpSession flow) {
        FlowList list = flow.assured() ? assured : flow.heard() ? replied : unreplied;
        list.add(flow.amongItsService());
    }

    int size() {
        return unreplied.size() + replied.size() + assured.size();
    }

    /**
     * Who is to make room for another of the same service; absent where there is none. As long as the unanswered are
     * few they are spared: they are those who are being answered just now, and not a flood of forgeries.
     */
    @Nullable
    UdpSession dispensable() {
        if (unreplied.size() > size() / SPARED_SHARE) {
            return unreplied.oldest();
        }
        UdpSession first = replied.oldest();
        while (first != null && first.assured()) {
            place(first); // since the last sweep
            first = replied.oldest();
        }
        if (first == null) {
            first = unreplied.oldest();
        }
        return first == null ? assured.oldest() : first;
    }
}
