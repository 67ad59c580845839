package dev.fairlead.telemetry;

import dev.fairlead.forward.SessionSummary;

/** How a connection is told in one line. Used by the writer's thread only. */
interface LineForm {
    /** Appends the line without its end. */
    void append(SessionSummary summary, StringBuilder out);

    /** Endpoints that gave an answer: those tried in vain and the one it was relayed to. */
    static int attempts(SessionSummary summary) {
        return summary.failedAttempts().size() + (summary.endpoint().isPresent() ? 1 : 0);
    }
}
