package dev.fairlead.discovery.kubernetes;

import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Holds the first offer back until everything is known: with half of the slices most services would have no endpoints,
 * and their clients would be refused at each restart. For the own Node it waits a while and no more, since without it
 * most of the work can be done. Once open it stays open. One thread.
 */
final class SyncGate {
    private final Set<Watched> unlisted = EnumSet.of(Watched.SERVICES, Watched.SLICES);
    private final Set<Watched> unwatched = EnumSet.of(Watched.SERVICES, Watched.SLICES);
    private final OwnNode node;
    private final long watchPatience;
    private final long nodePatience;
    private long listedNanos;
    private boolean opened;

    SyncGate(OwnNode node, Pace pace) {
        this.node = node;
        if (!node.settled()) {
            unwatched.add(Watched.NODE);
        }
        this.watchPatience = pace.watchPatience().toNanos();
        this.nodePatience = pace.nodePatience().toNanos();
    }

    /** All of a kind are known. */
    void listed(Watched what, long nowNanos) {
        if (unlisted.remove(what) && unlisted.isEmpty()) {
            // Only from here on: while the server is away there is nothing to be impatient about.
            listedNanos = nowNanos;
        }
    }

    /**
     * A watch has begun, or never will. What is offered should be followed, but a watch that is refused holds nothing
     * up.
     */
    void watched(Watched what) {
        unwatched.remove(what);
    }

    boolean open(long nowNanos) {
        opened |= unlisted.isEmpty() && opensAt() - nowNanos <= 0;
        return opened;
    }

    /** When it opens if nothing more comes; empty where it is open, or where time alone does not open it. */
    OptionalLong due() {
        return opened || !unlisted.isEmpty() ? OptionalLong.empty() : OptionalLong.of(opensAt());
    }

    private long opensAt() {
        return listedNanos
                + Math.max(unwatched.isEmpty() ? 0 : watchPatience, node.settled() ? 0 : nodePatience);
    }
}
