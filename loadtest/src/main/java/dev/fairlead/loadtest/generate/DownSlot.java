package dev.fairlead.loadtest.generate;

import java.io.IOException;

/** Reads what comes and throws it away. */
final class DownSlot extends StreamSlot {
    private static final int READS_PER_TURN = 4;

    DownSlot(Share share, int place) {
        super(share, place);
    }

    @Override
    void connected() throws IOException {
        watch(Interest.LEVEL_IN);
        opened();
    }

    @Override
    void start() {
        // The stream flows by itself.
    }

    @Override
    void flow(int bits) throws IOException {
        for (int i = 0; i < READS_PER_TURN; i++) {
            int size = read(Lane.BUFFER);
            if (size <= 0) {
                return;
            }
            share.tally().stream(size);
            if (size < Lane.BUFFER) {
                return;
            }
        }
    }
}
