package dev.fairlead.loadtest.generate;

import java.io.IOException;

/** Writes without end; a byte counts when the kernel has taken it. */
final class UpSlot extends StreamSlot {
    private static final int WRITES_PER_TURN = 4;

    UpSlot(Share share, int place) {
        super(share, place);
    }

    @Override
    void connected() throws IOException {
        watch(Interest.LEVEL_OUT);
        opened();
    }

    @Override
    void start() {
        // The stream flows by itself.
    }

    @Override
    void flow(int bits) throws IOException {
        if ((bits & Interest.ENDING) != 0 && read(Lane.BUFFER) < 0) {
            return;
        }
        for (int i = 0; i < WRITES_PER_TURN; i++) {
            int taken = socket().sendAddress(lane.patternAddress(), 0, Lane.BUFFER);
            share.tally().stream(taken);
            if (taken < Lane.BUFFER) {
                return;
            }
        }
    }
}
