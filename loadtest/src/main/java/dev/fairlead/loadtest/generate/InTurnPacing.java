package dev.fairlead.loadtest.generate;

import org.jspecify.annotations.Nullable;

/**
 * An open loop that deals its units to the slots in turn: unit {@code k} is for slot {@code k % slots}, and waits for
 * it while it is busy. Nothing is queued: how many units a slot owes says when the first of them was due.
 */
final class InTurnPacing implements Pacing, Runnable {
    private final Lane lane;
    private final Timetable timetable;
    private final @Nullable Slot[] idle;
    private final long[] begun;
    private long dealt;
    private boolean running;

    InTurnPacing(Lane lane, Timetable timetable, int slots) {
        this.lane = lane;
        this.timetable = timetable;
        this.idle = new Slot[slots];
        this.begun = new long[slots];
    }

    @Override
    public void ready(Slot slot, long now) {
        int place = slot.place();
        if (running && number(place) < dealt) {
            begin(slot, place, now);
        } else {
            idle[place] = slot;
        }
    }

    @Override
    public void gone(Slot slot) {
        idle[slot.place()] = null;
    }

    @Override
    public void start(long now) {
        timetable.start(now);
        running = true;
        run();
    }

    /** The timer's tick. */
    @Override
    public void run() {
        if (!running) {
            return;
        }
        long now = System.nanoTime();
        while (timetable.due(dealt) <= now) {
            int place = (int) (dealt++ % idle.length);
            Slot slot = idle[place];
            if (slot != null) {
                idle[place] = null;
                begin(slot, place, now);
            }
        }
        lane.after(timetable.nap(dealt, now), this);
    }

    @Override
    public void overdue(Tally tally, long now) {
        for (int place = 0; place < idle.length; place++) {
            // Those that a late timer has not dealt yet are due all the same.
            for (long number = number(place); timetable.due(number) <= now; number += idle.length) {
                tally.unfinished(timetable.due(number), now);
            }
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    private void begin(Slot slot, int place, long now) {
        long intended = timetable.due(number(place));
        begun[place]++;
        slot.begin(intended, now);
    }

    /** Of the next unit of this slot. */
    private long number(int place) {
        return begun[place] * idle.length + place;
    }
}
