package dev.fairlead.transport.epoll;

import dev.fairlead.transport.Loop;
import dev.fairlead.transport.datagram.DatagramLoop;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Pipes;
import dev.fairlead.transport.linux.SlowOnes;
import io.netty.channel.EventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A Netty event loop, and what its connections share: the way into the kernel, one read buffer, the pipes. */
final class EpollLoop implements Loop {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final int index;
    private final EventLoop eventLoop;
    private final EpollBatches epoll;
    private final Kernel kernel;
    private final Tuning tuning;
    private final MemorySegment buffer;
    private final Pipes pipes;
    private final SlowOnes slowOnes = new SlowOnes(this, LOOK);
    private final AtomicInteger accepted = new AtomicInteger();
    private final DatagramLoop datagrams;

    /**
     * Makes what the loop's connections share.
     *
     * @param arena lives until the loop has ended
     */
    EpollLoop(int index, EventLoop eventLoop, EpollBatches epoll, Arena arena, Tuning tuning) {
        this.index = index;
        this.eventLoop = eventLoop;
        this.epoll = epoll;
        this.kernel = new Kernel();
        this.tuning = tuning;
        this.buffer = arena.allocate(Math.max(tuning.readSize(), tuning.bulkReadSize()), 4096);
        this.pipes = new Pipes(kernel, task -> schedule(Pipes.TRIM, task), tuning.pipes(), tuning.pipeSize(),
                tuning.leastPipeSize());
        this.datagrams = new DatagramLoop(this, kernel, fd -> new EpollSetWatch(this, fd).start());
    }

    /**
     * Registers a handle with epoll itself, which spares what the event loop wraps around it.
     *
     * @throws IllegalStateException when the loop is ending
     */
    IoRegistration register(EpollIoHandle handle) {
        assert inLoop();
        if (eventLoop.isShuttingDown()) {
            throw new IllegalStateException("the event loop is ending");
        }
        try {
            return epoll.register(handle);
        } catch (Exception unexpected) {
            throw new IllegalStateException("register with epoll", unexpected);
        }
    }

    /** Counts the times that epoll was asked; see {@link EpollBatches}. */
    long batch() {
        return epoll.batch();
    }

    Kernel kernel() {
        return kernel;
    }

    Tuning tuning() {
        return tuning;
    }

    /** Where reads go; its contents mean nothing once the reader has returned. */
    MemorySegment buffer() {
        return buffer;
    }

    Pipes pipes() {
        return pipes;
    }

    DatagramLoop datagrams() {
        return datagrams;
    }

    /** Dials and connections that take longer than most. */
    SlowOnes slowOnes() {
        return slowOnes;
    }

    /** Accepted connections that live on this loop. Any thread. */
    AtomicInteger accepted() {
        return accepted;
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
