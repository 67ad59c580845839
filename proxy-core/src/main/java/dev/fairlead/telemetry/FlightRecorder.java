package dev.fairlead.telemetry;

import dev.fairlead.control.ControlObserver;
import dev.fairlead.control.Plan;
import dev.fairlead.forward.SessionObserver;
import dev.fairlead.forward.SessionSummary;

/**
 * Makes events of the JDK's flight recorder, {@code dev.fairlead.Session} and {@code dev.fairlead.Plan}. Until somebody
 * records, their classes are not even loaded: no AOT cache holds classes of events, and a start should not wait for
 * them. Any thread.
 */
public final class FlightRecorder implements SessionObserver, ControlObserver {
    @Override
    public void ended(SessionSummary summary) {
        if (jdk.jfr.FlightRecorder.isInitialized()) {
            SessionEvent.record(summary);
        }
    }

    @Override
    public void applied(Plan done, long revision, long nanos) {
        if (jdk.jfr.FlightRecorder.isInitialized()) {
            PlanEvent.record(done, revision, nanos);
        }
    }
}
