package dev.fairlead.transport.uring;

import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.datagram.DatagramLoop;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Pipes;
import dev.fairlead.transport.linux.SlowOnes;
import dev.fairlead.transport.linux.SocketAddress;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandler;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.util.concurrent.ScheduledFuture;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A Netty event loop with its ring, and what its connections share. */
final class UringLoop implements Loop {
    private static final Duration LOOK = Duration.ofMillis(25);
    private static final int SMALL_PER_CHUNK = 64;
    private static final int LARGE_KEPT = 8;

    private static final int PIPE_SIZE = 1024 * 1024; // the larger the cheaper, measured
    private static final int LEAST_PIPE_SIZE = 256 * 1024;

    private static final int MANY = 256;
    private static final int EVERY = 3;
    private static final IoUringIoHandle NOBODY = new Nobody();

    private final int index;
    private final EventLoop eventLoop;
    private final IoHandler ring;
    private final Arena arena = Arena.ofShared();
    private final Kernel kernel = new Kernel();
    private final Pipes pipes;
    private final Deque<SocketAddress> addresses = new ArrayDeque<>();
    private final Blocks small = new Blocks(Block.SMALL, SMALL_PER_CHUNK, Integer.MAX_VALUE);
    private final Blocks large = new Blocks(Block.LARGE, 1, LARGE_KEPT);
    private final List<UringConnection> open = new ArrayList<>();
    private final Set<UringDoor> doors = new HashSet<>();
    private final SlowOnes slowOnes = new SlowOnes(this, LOOK);
    private final AtomicInteger accepted = new AtomicInteger();
    private final DatagramLoop datagrams;
    private @Nullable UringConnection newcomer;
    private boolean ending;
    private boolean swept;

    UringLoop(int index, EventLoop eventLoop, IoHandler ring, int mostPipes) {
        this.index = index;
        this.eventLoop = eventLoop;
        this.ring = ring;
        this.pipes = new Pipes(kernel, task -> schedule(Pipes.TRIM, task), mostPipes, PIPE_SIZE, LEAST_PIPE_SIZE);
        this.datagrams = new DatagramLoop(this, kernel, fd -> new UringSetWatch(this, fd).start());
    }

    /**
     * Registers a handle with the ring itself, which spares what the event loop wraps around it.
     *
     * <p>
     * Netty numbers registrations one after the other and finds them in a table with linear probing. Thousands in a row
     * that stay, ten thousand doors or idle connections, are walked through by every later one whose number falls among
     * them; so where there are many, numbers are left out. Three is odd, and the table's size a power of two.
     *
     * @throws IllegalStateException when the loop is ending
     */
    IoRegistration register(IoUringIoHandle handle) {
        assert inLoop();
        try {
            if (doors.size() + open.size() >= MANY) {
                for (int leftOut = 1; leftOut < EVERY; leftOut++) {
                    ring.register(NOBODY).cancel();
                }
            }
            return ring.register(handle);
        } catch (IllegalStateException ends) {
            throw ends;
        } catch (Exception unexpected) {
            throw new IllegalStateException("register with io_uring", unexpected);
        }
    }

    /** The calls that do not go through the ring. */
    Kernel kernel() {
        return kernel;
    }

    /** Ways for bulk flows. */
    Pipes pipes() {
        return pipes;
    }

    /** Room for one address; it lives as long as the loop. */
    SocketAddress takeAddress() {
        SocketAddress address = addresses.poll();
        return address != null ? address : new SocketAddress(arena);
    }

    void giveAddress(SocketAddress address) {
        addresses.push(address);
    }

    /** Memory of connections that wait. */
    Blocks small() {
        return small;
    }

    /** Memory of connections that have much to pass. */
    Blocks large() {
        return large;
    }

    DatagramLoop datagrams() {
        return datagrams;
    }

    /** Dials and connections that take longer than most. */
    SlowOnes slowOnes() {
        return slowOnes;
    }

    /** How many connections that came through doors live here. Any thread. */
    AtomicInteger accepted() {
        return accepted;
    }

    void opened(UringDoor door) {
        doors.add(door);
    }

    void closed(UringDoor door) {
        doors.remove(door);
    }

    /** Hands over a connection that came in; who dials before this returns does it for its sake. */
    void welcome(UringConnection connection, Acceptor acceptor) {
        newcomer = connection;
        acceptor.accepted(connection);
        newcomer = null;
    }

    /** Whether the client that is being welcomed has sent something already. */
    boolean newcomerSpoke() {
        return newcomer != null && kernel.waiting(newcomer.fd()) > 0;
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

    /** After the loop's thread has ended: what the ring did not get round to. Idempotent. */
    void sweepUp() {
        if (swept) {
            return;
        }
        swept = true;
        for (UringConnection left : List.copyOf(open)) {
            left.abandon();
        }
        List.copyOf(doors).forEach(UringDoor::abandon);
        datagrams.close();
        pipes.close();
        boolean smallFreed = small.close();
        if (large.close() && smallFreed) {
            arena.close();
        }
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

    /** Takes a number and lets it go. */
    private static final class Nobody implements IoUringIoHandle {
        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            throw new IllegalStateException("nothing was asked for");
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
