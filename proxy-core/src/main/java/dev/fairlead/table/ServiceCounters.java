package dev.fairlead.table;

import dev.fairlead.model.Termination.Cause;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What happened to one service port, ever growing but for {@link #open}. Written by event loops, read at scrape. */
public final class ServiceCounters {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final AtomicInteger flows = new AtomicInteger();
    private final LongAdder triedAnyway = new LongAdder();
    private final LongAdder[] failed = new LongAdder[Cause.values().length];

    public ServiceCounters() {
        for (int i = 0; i < failed.length; i++) {
            failed[i] = new LongAdder();
        }
    }

    /** A connection came in. */
    public void connectionAccepted() {
        accepted.increment();
    }

    /** A connection that came in is over. */
    public void connectionEnded() {
        ended.increment();
    }

    /** A UDP flow has got an endpoint. */
    public void flowOpened() {
        flows.incrementAndGet();
    }

    /** A UDP flow that had one is over. */
    public void flowClosed() {
        flows.decrementAndGet();
    }

    /** UDP flows that have an endpoint. */
    public int flows() {
        return flows.get();
    }

    /** A connection ended before it was relayed. */
    public void connectionFailed(Cause cause) {
        failed[cause.ordinal()].increment();
    }

    /** A connection went to an ejected endpoint because nothing else was left. */
    public void connectionTriedAnyway() {
        triedAnyway.increment();
    }

    public long accepted() {
        return accepted.sum();
    }

    /** Connections that came in and are not over. */
    public long open() {
        return Math.max(0, accepted.sum() - ended.sum());
    }

    public long failures(Cause cause) {
        return failed[cause.ordinal()].sum();
    }

    public long triedAnyway() {
        return triedAnyway.sum();
    }
}
