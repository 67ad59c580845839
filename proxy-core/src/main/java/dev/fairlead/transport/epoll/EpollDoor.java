package dev.fairlead.transport.epoll;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.ListeningSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A listening socket, one for all loops: each waits for newcomers and the kernel wakes one of them. A connection stays
 * where it was accepted unless another loop has clearly fewer: then it is handed over, so that connections that live
 * long are spread, while short ones cost no wake-up of another thread. Any thread.
 */
final class EpollDoor implements Door {
    private final FileDescriptor descriptor;
    private final IpPort address;
    private final Acceptor acceptor;
    private final List<EpollLoop> loops;
    private final List<Threshold> thresholds;
    private final AtomicInteger waiting;
    private final CountDownLatch shut = new CountDownLatch(1);
    private volatile boolean paused;
    private volatile boolean closed;

    EpollDoor(int fd, IpPort address, Acceptor acceptor, List<EpollLoop> loops) {
        this.descriptor = new FileDescriptor(fd);
        this.address = address;
        this.acceptor = acceptor;
        this.loops = loops;
        this.thresholds = loops.stream().map(loop -> new Threshold(this, loop)).toList();
        this.waiting = new AtomicInteger(loops.size());
    }

    /** Begins to accept. Not on a loop. */
    void start() {
        CountDownLatch begun = new CountDownLatch(loops.size());
        for (Threshold threshold : thresholds) {
            threshold.loop().execute(() -> {
                threshold.look();
                begun.countDown();
            });
        }
        await(begun);
    }

    FileDescriptor socket() {
        return descriptor;
    }

    @Override
    public OptionalInt descriptor() {
        return OptionalInt.of(descriptor.intValue());
    }

    Acceptor acceptor() {
        return acceptor;
    }

    /** Whether newcomers are taken. */
    boolean takes() {
        return !paused && !closed;
    }

    boolean paused() {
        return paused;
    }

    boolean closed() {
        return closed;
    }

    /** Where a connection that was accepted there should live. */
    EpollLoop home(EpollLoop there) {
        EpollLoop home = there;
        int fewest = there.accepted().get();
        int slack = 1 + fewest / 8;
        for (int i = 0; i < loops.size(); i++) {
            int count = loops.get(i).accepted().get();
            if (count + slack < fewest) {
                fewest = count + slack;
                home = loops.get(i);
            }
        }
        return home;
    }

    /** An accepted connection is closed. */
    void gone(EpollLoop home) {
        home.accepted().decrementAndGet();
        acceptor.gone();
    }

    @Override
    public IpPort address() {
        return address;
    }

    @Override
    public void pause() {
        paused = true;
        look();
    }

    @Override
    public void resume() {
        paused = false;
        look();
    }

    private void look() {
        for (Threshold threshold : thresholds) {
            if (threshold.loop().inLoop()) {
                threshold.look();
            } else {
                try {
                    threshold.loop().execute(threshold::look);
                } catch (RejectedExecutionException ended) {
                    // The loop has taken its leave of the door.
                }
            }
        }
    }

    @Override
    public void filter(SourceFilter filter) throws OpenFailure {
        ListeningSocket.filter(descriptor.intValue(), address, filter);
    }

    @Override
    public void close() {
        closed = true;
        look();
        if (loops.stream().noneMatch(EpollLoop::inLoop)) {
            await(shut);
        }
    }

    /**
     * A loop does not wait here any more. The descriptor is closed by the last: before that, another loop might accept
     * from whatever got its number.
     */
    void left() {
        if (waiting.decrementAndGet() > 0) {
            return;
        }
        try {
            descriptor.close();
        } catch (IOException said) {
            // Linux frees the descriptor whatever close says.
        }
        shut.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
