package dev.fairlead.telemetry;

import dev.fairlead.forward.SessionSummary;
import dev.fairlead.model.IpPort;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A connection or a flow that ended, for the flight recorder. */
@Name("dev.fairlead.Session")
@Label("Session")
@Category("Fairlead")
@Description("A TCP connection or a UDP flow that ended")
@StackTrace(false)
final class SessionEvent extends Event {
    @Label("Service")
    String service = "";

    @Label("Protocol")
    String protocol = "";

    @Label("Client")
    String client = "";

    @Label("Frontend")
    String frontend = "";

    @Label("Endpoint")
    String endpoint = "";

    @Label("Picked By")
    String pickedBy = "";

    @Label("Failed Attempts")
    int failedAttempts;

    @Label("Lasted")
    @Timespan(Timespan.NANOSECONDS)
    long lasted;

    @Label("Connecting")
    @Timespan(Timespan.NANOSECONDS)
    long connecting;

    @Label("Bytes Up")
    @DataAmount
    long bytesUp;

    @Label("Bytes Down")
    @DataAmount
    long bytesDown;

    @Label("End")
    @Description("Who ended it, how far it had come, and why")
    String end = "";

    /** Records it where somebody records; else it costs next to nothing. */
    static void record(SessionSummary summary) {
        SessionEvent event = new SessionEvent();
        if (!event.shouldCommit()) {
            return;
        }
        event.service = summary.service().map(Object::toString).orElse("");
        event.protocol = summary.frontend().protocol().toString();
        event.client = summary.client().toString();
        event.frontend = summary.frontend().address().toString();
        event.endpoint = summary.endpoint().map(IpPort::toString).orElse("");
        event.pickedBy = summary.pickedBy();
        event.failedAttempts = summary.failedAttempts().size();
        event.lasted = summary.durationNanos();
        event.connecting = summary.connectNanos();
        event.bytesUp = summary.bytesUp();
        event.bytesDown = summary.bytesDown();
        event.end = summary.termination().toString();
        event.commit();
    }
}
