package dev.fairlead.loadtest.generate;

/**
 * An open loop whose units take whichever slot is free; when none is, they wait for the first that gets free, and their
 * latency says so.
 */
final class AnySlotPacing implements Pacing, Runnable {
    private final Lane lane;
    private final Timetable timetable;
    private final Slot[] free;
    private int freeCount;
    private long next;
    private boolean running;

    AnySlotPacing(Lane lane, Timetable timetable, int slots) {
        this.lane = lane;
        this.timetable = timetable;
        this.free = new Slot[slots];
    }

    @Override
    public void ready(Slot slot, long now) {
        if (running && timetable.due(next) <= now) {
            slot.begin(timetable.due(next++), now);
        } else {
            free[freeCount++] = slot;
        }
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
        while (freeCount > 0 && timetable.due(next) <= now) {
            free[--freeCount].begin(timetable.due(next++), now);
        }
        lane.after(timetable.nap(next, now), this);
    }

    @Override
    public void overdue(Tally tally, long now) {
        for (long number = next; timetable.due(number) <= now; number++) {
            tally.unfinished(timetable.due(number), now);
        }
    }

    @Override
    public void stop() {
        running = false;
    }
}
