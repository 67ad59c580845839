package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * A reader that takes at each tick of a timer what its rate allows. A slow one has a small receive buffer, so that what
 * it does not take waits in the proxy; a fast one ticks often, and its buffer is the kernel's affair.
 */
final class SlowSlot extends StreamSlot {
    private static final int RECEIVE_BUFFER = 16 * 1024;
    /** A tick that comes late makes up for no more than this. */
    private static final int MOST_BUFFERS = 16;
    private static final int FAST = 10_000_000;
    private static final long SLOW_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long FAST_TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final double bytesPerNano;
    private final boolean slow;
    private final long tickNanos;
    private double allowed;
    private long lastTick;
    private long lives;

    SlowSlot(Share share, int place) {
        super(share, place);
        this.bytesPerNano = share.plan().bytesPerSecond() / 1e9;
        this.slow = share.plan().bytesPerSecond() < FAST;
        this.tickNanos = slow ? SLOW_TICK_NANOS : FAST_TICK_NANOS;
    }

    @Override
    void prepare(LinuxSocket made) throws IOException {
        if (slow) {
            // Before connecting, since the window's scale is agreed then.
            made.setReceiveBufferSize(RECEIVE_BUFFER);
        }
    }

    @Override
    void connected() throws IOException {
        watch(Interest.QUIET);
        allowed = 0;
        lastTick = System.nanoTime();
        long life = ++lives;
        opened();
        lane.after(tickNanos, () -> tick(life));
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
        allowed = Math.min(MOST_BUFFERS * Lane.BUFFER, allowed + (now - lastTick) * bytesPerNano);
        lastTick = now;
        try {
            int size = Lane.BUFFER;
            while (allowed >= 1 && size == Lane.BUFFER) {
                size = read((int) Math.min(Lane.BUFFER, allowed));
                if (size < 0) {
                    return;
                }
                allowed -= size;
                share.tally().stream(size);
            }
        } catch (IOException problem) {
            fail(problem);
            return;
        }
        lane.after(tickNanos, () -> tick(life));
    }
}
