package dev.fairlead.loadtest.generate;

/** A closed loop: the next unit begins when the last one ended. */
final class ClosedPacing implements Pacing {
    private boolean stopped;

    @Override
    public void ready(Slot slot, long now) {
        if (!stopped) {
            slot.begin(now, now);
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }
}
