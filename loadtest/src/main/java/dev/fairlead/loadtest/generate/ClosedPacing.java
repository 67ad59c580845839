package dev.fairlead.loadtest.generate;

/** A closed loop: the next unit begins when the last one ended. */
final class ClosedPacing implements Pacing {
    @Override
    public void ready(Slot slot, long now) {
        slot.begin(now, now);
    }
}
