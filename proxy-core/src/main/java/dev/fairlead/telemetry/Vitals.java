package dev.fairlead.telemetry;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * What the process as a whole has to say at a scrape. Each is called then, on the scraping thread, and should be quick.
 *
 * @param configurationGood whether the configuration read last was good and is the one in force
 * @param configurationProblems problems of the configuration read last; 0 where it was good
 * @param listenersOpen doors open just now
 * @param listenerFailures doors that should be open and cannot be
 * @param acceptPaused doors that have stopped taking connections for want of descriptors or memory
 * @param acceptPauses how often a door did, since start
 * @param sessions connections alive
 * @param flows UDP flows alive
 * @param datagramsLost datagrams that the kernel had no room for, since start
 * @param loopLagNanos how long the slowest event loop kept a task waiting when it was asked last
 * @param splices times that a bulk flow began to pass through a pipe, since start
 * @param pipesInUse pipes that bulk flows pass through now
 * @param accessLogDrops lines of the access log that were never written, since start
 */
public record Vitals(BooleanSupplier configurationGood, LongSupplier configurationProblems, LongSupplier listenersOpen,
        LongSupplier listenerFailures, LongSupplier acceptPaused, LongSupplier acceptPauses, LongSupplier sessions,
        LongSupplier flows, LongSupplier datagramsLost, LongSupplier loopLagNanos, LongSupplier splices,
        LongSupplier pipesInUse, LongSupplier accessLogDrops) {
    /** A process that has nothing yet and nothing to complain of. */
    public static final Vitals QUIET = new Vitals(() -> true, () -> 0, () -> 0, () -> 0, () -> 0, () -> 0, () -> 0,
            () -> 0, () -> 0, () -> 0, () -> 0, () -> 0, () -> 0);
}
