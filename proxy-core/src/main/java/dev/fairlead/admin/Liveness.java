package dev.fairlead.admin;

import java.util.List;

/** Whether the threads that matter still turn. */
public interface Liveness {
    /** Nothing to watch. */
    Liveness UNWATCHED = List::of;

    /** Called about once a second on the admin thread; must not block. Default: nothing to do. */
    default void beat() {
    }

    /** How long the slowest event loop kept a task waiting when it was asked last, in nanoseconds. Any thread. */
    default long lagNanos() {
        return 0;
    }

    /** One line for each thread that has not turned for five seconds; empty while all is well. Any thread. */
    List<String> stalled();
}
