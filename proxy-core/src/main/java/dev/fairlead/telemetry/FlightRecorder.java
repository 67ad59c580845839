package dev.fairlead.telemetry;

import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.Plan;
import dev.fairlead.forward.SessionObserver;
import dev.fairlead.forward.SessionSummary;

/**
 * Makes events of the JDK's flight recorder, {@code dev.fairlead.Session} and {@code dev.fairlead.Plan}. Any thread.
 */
public final class FlightRecorder implements SessionObserver, ControlObserver {
    @Override
    public void ended(SessionSummary summary) {
        SessionEvent.record(summary);
    }

    @Override
    public void applied(Plan done, long revision, long nanos) {
        PlanEvent.record(done, revision, nanos);
    }
}
