package dev.fairlead.forward;

/**
 * Who is told of connections that ended. Called on event loops: must not block. What it throws is counted, not passed
 * on.
 */
public interface SessionObserver {
    SessionObserver NONE = summary -> {
    };

    void ended(SessionSummary summary);
}
