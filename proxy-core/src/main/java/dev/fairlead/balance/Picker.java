package dev.fairlead.balance;

import java.util.Optional;

/**
 * Picks from a fixed list of candidates. Any event loop, never blocks, allocates nothing ({@link Upstream#present});
 * mutates at most small state of its own, which the next picker may take over.
 */
public interface Picker {
    /** A candidate that is not excluded; empty only where there is none. */
    Optional<Upstream> pick(PickContext context);

    /**
     * The connection that this picker sent there was made: what affinity remembers. Default: nothing to remember.
     */
    default void confirmed(PickContext context, Upstream upstream) {
    }
}
