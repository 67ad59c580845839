package dev.fairlead.telemetry;

import dev.fairlead.control.Plan;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A plan that was done, for the flight recorder. */
@Name("dev.fairlead.Plan")
@Label("Plan")
@Category("Fairlead")
@Description("A change of the services that came into force")
@StackTrace(false)
final class PlanEvent extends Event {
    @Label("Table")
    long table;

    @Label("Changed Routes")
    int changes;

    @Label("Steps")
    int steps;

    @Label("Took")
    @Description("From the snapshot's offer to the end of the last step")
    @Timespan(Timespan.NANOSECONDS)
    long took;

    /** Records it where somebody records. */
    static void record(Plan done, long table, long nanos) {
        PlanEvent event = new PlanEvent();
        event.table = table;
        event.changes = done.changes().size();
        event.steps = done.steps().size();
        event.took = nanos;
        event.commit();
    }
}
