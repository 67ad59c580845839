package dev.fairlead.forward;

import dev.fairlead.model.ServicePolicy;
import java.util.concurrent.atomic.AtomicInteger;

/** How many flows there may be: each takes a file descriptor. Any thread. */
final class FlowRoom {
    private final AtomicInteger used = new AtomicInteger();
    private volatile int most = Integer.MAX_VALUE;

    void most(int flows) {
        most = flows;
    }

    int used() {
        return used.get();
    }

    boolean full() {
        return used.get() >= most;
    }

    void enter() {
        used.incrementAndGet();
    }

    void leave() {
        used.decrementAndGet();
    }

    /** What one service port may have: what it says, or three quarters of all, so that others find room beside it. */
    int quota(ServicePolicy policy) {
        return policy.maxFlows().orElse(Math.max(1, most - most / 4));
    }
}
