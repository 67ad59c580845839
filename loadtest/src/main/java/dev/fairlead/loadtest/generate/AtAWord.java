package dev.fairlead.loadtest.generate;

import org.jspecify.annotations.Nullable;

/** Every slot waits until told, then each does one unit: how held connections are touched. */
final class AtAWord implements Pacing {
    private final @Nullable Slot[] waiting;

    AtAWord(int slots) {
        this.waiting = new Slot[slots];
    }

    @Override
    public void ready(Slot slot, long now) {
        waiting[slot.place()] = slot;
    }

    @Override
    public void gone(Slot slot) {
        waiting[slot.place()] = null;
    }

    /** Begins one unit on each slot that waits. */
    void touch(long now) {
        for (int place = 0; place < waiting.length; place++) {
            Slot slot = waiting[place];
            if (slot != null) {
                waiting[place] = null;
                slot.begin(now, now);
            }
        }
    }
}
