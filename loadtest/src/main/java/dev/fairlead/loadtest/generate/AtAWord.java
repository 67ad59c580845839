package dev.fairlead.loadtest.generate;

import org.jspecify.annotations.Nullable;

/** Every slot waits until told, then each does one unit: how held connections are touched. */
final class AtAWord implements Pacing {
    private final @Nullable Slot[] waiting;
    private final int atOnce;
    /** The first slot that has not had its turn since the last word. */
    private int next;
    /** Units that may begin before another one ends. */
    private int free;
    private boolean beginning;

    /** With at most so many units in flight. */
    AtAWord(int slots, int atOnce) {
        this.waiting = new Slot[slots];
        this.atOnce = atOnce;
        this.next = slots;
    }

    @Override
    public void ready(Slot slot, long now) {
        waiting[slot.place()] = slot;
        begin(1, now);
    }

    @Override
    public void gone(Slot slot) {
        waiting[slot.place()] = null;
        begin(1, System.nanoTime());
    }

    /** Begins one unit on each slot that waits. */
    void touch(long now) {
        next = 0;
        free = 0;
        begin(atOnce, now);
    }

    /** Whether every slot has had its turn. */
    boolean done() {
        return next == waiting.length;
    }

    private void begin(int more, long now) {
        free += more;
        if (beginning) {
            // A unit has failed at once: the loop below goes on, and the stack does not grow with each such unit.
            return;
        }
        beginning = true;
        while (free > 0 && next < waiting.length) {
            Slot slot = waiting[next];
            waiting[next++] = null;
            if (slot != null) {
                free--;
                slot.begin(now, now);
            }
        }
        beginning = false;
    }
}
