package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServiceName;
import dev.fairlead.source.SourceFault;

/**
 * Who is told what the control thread decides and does. Called on the control thread, so it should be quick; what it
 * throws is logged and changes nothing.
 */
public interface ControlObserver {
    ControlObserver NONE = new ControlObserver() {
    };

    /**
     * A snapshot was compared with the world, before anything is done.
     *
     * @param plan empty where nothing is altered
     * @param nanos what planning took
     */
    default void planned(Plan plan, long nanos) {
    }

    /**
     * Something was done.
     *
     * @param done what was planned, with those of its steps that succeeded; never empty
     * @param revision of the table in force
     * @param nanos from the snapshot's offer to the end of the last step; for what was done later, since an earlier
     *     attempt failed, from the offer of the snapshot that wanted it
     */
    default void applied(Plan done, long revision, long nanos) {
    }

    /**
     * A step failed and is tried again until it succeeds or is not wanted any more. Told once for each different
     * message, not for each attempt.
     *
     * @param message for a reader: the kernel's word where there is one
     */
    default void stepFailed(Step step, String message) {
    }

    /**
     * Load balancers cannot ask for a Service at its health check node port. Told once; it is tried again.
     *
     * @param why the kernel's word
     */
    default void healthCheckUnserved(ServiceName service, IpPort address, String why) {
    }

    /** A defect of ours: what was in force stays, and the control thread goes on. */
    default void defect(String doing, Throwable defect) {
    }

    /** The source cannot say what the world is. Told once for each different fault; the last snapshot stays. */
    default void sourceFault(SourceFault fault) {
    }

    /** The source says again what the world is. */
    default void sourceRecovered() {
    }
}
