package dev.fairlead.transport;

import java.time.Duration;
import java.util.concurrent.Executor;

/** One event loop: one thread that owns its connections and everything hung on them. */
public interface Loop extends Executor {
    /** 0 to the number of loops minus one. */
    int index();

    /** Whether the caller runs on this loop; what is confined to the loop asserts it. */
    boolean inLoop();

    /** Runs a task later on this loop. */
    Timer schedule(Duration delay, Runnable task);

    /** A task that may still be called off. */
    interface Timer {
        void cancel();
    }
}
