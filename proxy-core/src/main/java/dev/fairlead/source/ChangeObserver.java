package dev.fairlead.source;

import dev.fairlead.model.IpFamily;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Where a source that hears of changes one by one says so, before it offers what comes of them: a change that waits too
 * long makes the proxy unhealthy. A source that reads full states has nothing to say here, since an offer counts as
 * seen when it is made. Callable from any thread; never blocks.
 */
public interface ChangeObserver {
    /** Nobody. */
    ChangeObserver NONE = new ChangeObserver() {
    };

    /** What changed; kube-proxy counts Services and endpoints. */
    enum Kind {
        SERVICE, ENDPOINTS, NODE
    }

    /**
     * A change was seen. An offer that has it in it follows, or {@link #cameToNothing}.
     *
     * @param families that it may be about
     */
    default void seen(Kind kind, Set<IpFamily> families) {
    }

    /** A change was seen that may be about either family. */
    default void seen(Kind kind) {
        seen(kind, EnumSet.allOf(IpFamily.class));
    }

    /**
     * What made changes of the next offer happen, and when.
     *
     * @param triggers times by the clock of whoever noted them: annotation
     *     {@code endpoints.kubernetes.io/last-change-trigger-time} of the slices that changed and are still there
     */
    default void triggered(List<Instant> triggers) {
    }

    /** Nothing differs by all that was seen since the last offer, so that no offer follows. */
    default void cameToNothing() {
    }
}
