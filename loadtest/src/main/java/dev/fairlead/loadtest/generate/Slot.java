package dev.fairlead.loadtest.generate;

import java.io.IOException;
import java.net.InetSocketAddress;

/** One of the connections that a load has at once, with at most one unit in flight. */
abstract class Slot extends ClientHandle {
    final Share share;
    final InetSocketAddress to;
    private final int place;
    private boolean busy;
    private boolean stopped;
    private boolean judged;
    private long intended;
    private long begun;

    Slot(Share share, int place) {
        super(share.lane());
        this.share = share;
        this.place = place;
        this.to = share.plan().to(place);
    }

    /** Gets ready to begin units; ends in {@link #opened}, now or later, or in a failure. */
    abstract void open() throws IOException;

    /** Starts a unit. */
    abstract void start() throws IOException;

    /** Ends the unit in flight when it has taken too long. */
    abstract void expire(long nanosInFlight);

    /** The slot's number in its share, from 0. */
    final int place() {
        return place;
    }

    final boolean isBusy() {
        return busy;
    }

    /** When the unit in flight was meant to start. */
    final long intended() {
        return intended;
    }

    /** When the unit in flight did start. */
    final long begun() {
        return begun;
    }

    /** {@link #open()} with its failures caught. */
    final void reopen() {
        if (stopped) {
            return;
        }
        try {
            open();
        } catch (IOException | RuntimeException problem) {
            fail(problem);
        }
    }

    final void begin(long meant, long now) {
        if (stopped) {
            return;
        }
        intended = meant;
        begun = now;
        busy = true;
        try {
            start();
        } catch (IOException | RuntimeException problem) {
            fail(problem);
        }
    }

    /** The unit is over and well; the pacing may begin the next within this call. */
    final void complete(long bytes) {
        long now = System.nanoTime();
        complete(bytes, now, now);
    }

    /** As {@link #complete(long)} when something had to be cleared away after the unit's end. */
    final void complete(long bytes, long ended, long now) {
        busy = false;
        share.tally().unit(bytes, intended, ended);
        share.pacing().ready(this, now);
    }

    /** One of several replies to what the unit sent has come, and others are still to come. */
    final void partly(long bytes) {
        share.tally().unit(bytes, intended, System.nanoTime());
    }

    /** The unit is over without a reply, and the slot as good as before. */
    final void giveUp(Mishap mishap, String detail) {
        busy = false;
        share.tally().mishap(mishap, to + ": " + detail);
        share.pacing().ready(this, System.nanoTime());
    }

    /** The slot can go on. */
    final void opened() {
        share.pacing().ready(this, System.nanoTime());
        judge();
    }

    /** The connection is broken, and the unit with it; after a pause the slot opens anew. */
    @Override
    final void fail(Mishap mishap, String detail) {
        busy = false;
        release();
        share.tally().mishap(mishap, to + ": " + detail);
        share.pacing().gone(this);
        judge();
        if (share.reopens() && !stopped) {
            lane.after(PAUSE_NANOS, this::reopen);
        }
    }

    /** Checks the unit in flight against its time limit. */
    final void sweep(long now) {
        if (busy) {
            expire(now - begun);
        }
    }

    /** For good. */
    @Override
    public final void close() {
        stopped = true;
        busy = false;
        release();
    }

    private void judge() {
        if (!judged) {
            judged = true;
            share.judged();
        }
    }
}
