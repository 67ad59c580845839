package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A reader that takes a few bytes at each tick of a timer, through a small receive buffer. */
final class SlowSlot extends StreamSlot {
    private static final int RECEIVE_BUFFER = 16 * 1024;
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final double bytesPerNano;
    private double allowed;
    private long lastTick;
    private long lives;

    SlowSlot(Share share, int place) {
        super(share, place);
        this.bytesPerNano = share.plan().bytesPerSecond() / 1e9;
    }

    @Override
    void prepare(LinuxSocket made) throws IOException {
        // Before connecting, since the window's scale is agreed then.
        made.setReceiveBufferSize(RECEIVE_BUFFER);
    }

    @Override
    void connected() throws IOException {
        watch(Interest.QUIET);
        allowed = 0;
        lastTick = System.nanoTime();
        long life = ++lives;
        opened();
        lane.after(TICK_NANOS, () -> tick(life));
    }

    @Override
    void start() {
        // The timer reads.
    }

    @Override
    void flow(int bits) throws IOException {
        // Only errors wake a quiet handle; the read says which.
        read(1);
    }

    private void tick(long life) {
        if (life != lives || !isOpen()) {
            return;
        }
        long now = System.nanoTime();
        allowed = Math.min(Lane.BUFFER, allowed + (now - lastTick) * bytesPerNano);
        lastTick = now;
        try {
            int size = allowed < 1 ? 0 : read((int) allowed);
            if (size < 0) {
                return;
            }
            allowed -= size;
            share.tally().stream(size);
        } catch (IOException problem) {
            fail(problem);
            return;
        }
        lane.after(TICK_NANOS, () -> tick(life));
    }
}
