package dev.fairlead.listen;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Who needs the address of one door: the door itself, and the connections that came through it. The lease is given back
 * when the last of them has gone. Any thread.
 */
final class Tenancy {
    private final Lease lease;
    private final AtomicInteger users = new AtomicInteger(1);

    /** The door's, for now. */
    Tenancy(Lease lease) {
        this.lease = lease;
    }

    Lease lease() {
        return lease;
    }

    /**
     * One more connection.
     *
     * @return false where all have gone: the address is given back, and there is no {@link #leave} to come
     */
    boolean enter() {
        return users.getAndUpdate(now -> now == 0 ? 0 : now + 1) > 0;
    }

    /** A connection has gone; may be called on a loop. */
    void leave() {
        if (users.decrementAndGet() == 0 && lease.costs()) {
            Thread.ofPlatform().daemon().name("fairlead-release").start(lease::release);
        }
    }

    /** The door is closed. Not on a loop. */
    void closed() {
        if (users.decrementAndGet() == 0) {
            lease.release();
        }
    }
}
