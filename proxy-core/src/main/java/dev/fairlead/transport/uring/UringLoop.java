package dev.fairlead.transport.uring;

import dev.fairlead.transport.Loop;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Netty event loop with its ring, and what its connections share. */
final class UringLoop implements Loop {
    // A request and its answer are usually shorter; an idle connection owns two of them.
    private static final int SMALL = 1024;
    private static final int SMALL_PER_CHUNK = 64;
    private static final int LARGE = 256 * 1024;

    private final int index;
    private final EventLoop eventLoop;
    private final IoHandler ring;
    private final Blocks small = new Blocks(SMALL, SMALL_PER_CHUNK);
    private final Blocks large = new Blocks(LARGE, 1);
    private final List<UringConnection> open = new ArrayList<>();
    private final SlowOnes slowOnes = new SlowOnes(this);
    private boolean ending;

    UringLoop(int index, EventLoop eventLoop, IoHandler ring) {
        this.index = index;
        this.eventLoop = eventLoop;
        this.ring = ring;
    }

    /**
     * Registers a handle with the ring itself, which spares what the event loop wraps around it.
     *
     * @throws IllegalStateException when the loop is ending
     */
    IoRegistration register(IoUringIoHandle handle) {
        assert inLoop();
        try {
            return ring.register(handle);
        } catch (IllegalStateException ends) {
            throw ends;
        } catch (Exception unexpected) {
            throw new IllegalStateException("register with io_uring", unexpected);
        }
    }

    /** Memory of connections that wait. */
    Blocks small() {
        return small;
    }

    /** Memory of connections that have much to pass. */
    Blocks large() {
        return large;
    }

    /** Dials and connections that take longer than most. */
    SlowOnes slowOnes() {
        return slowOnes;
    }

    void opened(UringConnection connection) {
        connection.index = open.size();
        open.add(connection);
    }

    void closed(UringConnection connection) {
        UringConnection last = open.removeLast();
        if (last != connection) {
            open.set(connection.index, last);
            last.index = connection.index;
        }
    }

    /** From now on nothing may rely on the ring to complete anything. */
    void ends() {
        ending = true;
    }

    boolean ending() {
        return ending;
    }

    /** After the loop's thread has ended: what the ring did not get round to. */
    void sweepUp() {
        for (UringConnection left : List.copyOf(open)) {
            left.abandon();
        }
        small.close();
        large.close();
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLoop() {
        return eventLoop.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        eventLoop.execute(task);
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
        ScheduledFuture<?> future = eventLoop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
