package dev.fairlead.control;

import dev.fairlead.balance.Upstream;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.source.SourceFault;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the control thread wants and has, for readers: immutable, replaced whole after each turn.
 *
 * @param snapshot the last one offered, with what is drained set aside; EMPTY before the first
 * @param revision of the table in force
 * @param lastPlan the last one that was not empty
 * @param fault why the source cannot say what the world is just now
 * @param failed steps that are being tried again
 * @param defect what kept the last turn from being finished by our own fault, in words for a reader
 * @param doors open just now, sorted
 * @param retiring endpoints that left and still have connections
 * @param phase how far the control thread has come
 * @param drains what an operator has taken out of service; the snapshot has it set aside already
 */
public record ControlView(ServiceSnapshot snapshot, long revision, Optional<LastPlan> lastPlan, Optional<Fault> fault,
        List<FailedStep> failed, Optional<String> defect, List<TransportAddress> doors, List<Upstream> retiring,
        Phase phase, Drains drains) {
    /** Before the first snapshot. */
    public static final ControlView INITIAL = new ControlView(ServiceSnapshot.EMPTY, 0, Optional.empty(),
            Optional.empty(), List.of(), Optional.empty(), List.of(), List.of(), Phase.WAITING, Drains.NONE);

    public ControlView {
        failed = List.copyOf(failed);
        doors = List.copyOf(doors);
        retiring = List.copyOf(retiring);
    }

    /** Whether a first snapshot has been put into force, but for steps that {@link #failed}. */
    public boolean firstSyncDone() {
        return phase != Phase.WAITING;
    }

    /** How far the control thread has come. */
    public enum Phase {
        /** No snapshot has been put into force yet. */
        WAITING,
        /** The world follows the snapshots. */
        FOLLOWING,
        /** Doors are closed for good; snapshots are ignored. */
        CLOSED
    }

    /**
     * A plan that was done, but for steps that {@link ControlView#failed}.
     *
     * @param from revision of the table before it
     * @param to revision of the table after it; the same where the plan publishes none
     * @param epochMillis wall clock when it was done
     * @param sinceSeenNanos from the moment a source read the first of the changes in it; empty where it did only what
     *     had been tried before
     */
    public record LastPlan(Plan plan, long from, long to, long epochMillis, OptionalLong sinceSeenNanos) {
        /** The plan for people, under a line that names the revisions. */
        public String text() {
            return "plan " + to + (from == to ? "" : "  from " + from) + "\n" + plan.text();
        }
    }

    /**
     * The source's fault.
     *
     * @param sinceEpochMillis wall clock when the source stopped saying what the world is
     */
    public record Fault(SourceFault fault, long sinceEpochMillis) {
    }

    /**
     * A step that failed.
     *
     * @param message of the last attempt
     * @param sinceEpochMillis wall clock of the first attempt
     * @param attempts so far
     */
    public record FailedStep(Step step, String message, long sinceEpochMillis, long attempts) {
    }
}
