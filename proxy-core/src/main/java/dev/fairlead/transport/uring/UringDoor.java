package dev.fairlead.transport.uring;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Door;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.unix.Buffer;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.internal.CleanableDirectBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket. It asks for one connection at a time, so that none is taken before the acceptor has heard of the
 * last; connections are dealt to the loops in turn.
 */
final class UringDoor implements Door, IoUringIoHandle {
    private static final int LENGTH_AT = 32;
    private static final int SHUT_RDWR = 2;

    private final UringLoop loop;
    private final List<UringLoop> loops;
    private final int fd;
    private final IpPort address;
    private final Acceptor acceptor;
    private final CleanableDirectBuffer memory = Buffer.allocateDirectBufferWithNativeOrder(40);
    private final IoUringIoOps accept;
    private final CountDownLatch released = new CountDownLatch(1);
    private @Nullable IoRegistration registration;
    private volatile boolean paused;
    private boolean closed;
    private int underWay;
    private boolean accepting;
    private int next;

    UringDoor(UringLoop loop, List<UringLoop> loops, int fd, IpPort address, Acceptor acceptor) {
        this.loop = loop;
        this.loops = loops;
        this.fd = fd;
        this.address = address;
        this.acceptor = acceptor;
        this.next = loop.index();
        long where = Buffer.memoryAddress(memory.buffer());
        this.accept = Request.accept(fd, where, where + LENGTH_AT);
    }

    /** On its loop. */
    void start() {
        registration = loop.register(this);
        acceptNext();
    }

    private void submit(IoUringIoOps request) {
        if (registration == null) {
            throw new IllegalStateException("a door that was not started");
        }
        underWay++;
        registration.submit(request);
    }

    private void acceptNext() {
        if (!accepting && !paused && !closed) {
            accepting = true;
            memory.buffer().putInt(LENGTH_AT, SocketAddresses.SIZE);
            submit(accept);
        }
    }

    @Override
    public IpPort address() {
        return address;
    }

    @Override
    public void pause() {
        paused = true;
        inLoop(() -> {
            if (paused && accepting && !closed) {
                submit(Request.cancel(fd));
            }
        });
    }

    @Override
    public void resume() {
        paused = false;
        inLoop(this::acceptNext);
    }

    private void inLoop(Runnable task) {
        if (loop.inLoop()) {
            task.run();
            return;
        }
        try {
            loop.execute(task);
        } catch (RejectedExecutionException ended) {
            // The loop has closed the door with it.
        }
    }

    @Override
    public void handle(IoRegistration same, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event;
        underWay--;
        if (completion.userData() == Request.ACCEPT) {
            accepting = false;
            if (completion.res() >= 0) {
                arrived(completion.res());
            } else if (Errno.starved(-completion.res())) {
                paused = true;
                acceptor.starved(Errno.word(-completion.res()));
            }
            acceptNext();
        }
        if (closed && underWay == 0) {
            release();
        }
    }

    private void arrived(int descriptor) {
        IpPort peer = SocketAddresses.read(memory.buffer());
        acceptor.arriving();
        UringLoop home = loops.get(next);
        next = next + 1 == loops.size() ? 0 : next + 1;
        if (home == loop) {
            welcome(home, descriptor, peer);
            return;
        }
        try {
            home.execute(() -> welcome(home, descriptor, peer));
        } catch (RejectedExecutionException ended) {
            turnAway(descriptor);
        }
    }

    private void welcome(UringLoop home, int descriptor, IpPort peer) {
        UringConnection connection;
        try {
            connection = new UringConnection(home, descriptor, peer, acceptor);
        } catch (IllegalStateException ends) {
            turnAway(descriptor);
            return;
        }
        acceptor.accepted(connection);
    }

    private void turnAway(int descriptor) {
        Kernel.close(descriptor);
        acceptor.gone();
    }

    @Override
    public void close() {
        if (loop.inLoop()) {
            // Refuses at once; the descriptor follows when the accept that is under way has ended.
            if (!closed) {
                Kernel.shutdown(fd, SHUT_RDWR);
            }
            shut();
            return;
        }
        inLoop(this::shut);
        try {
            released.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void shut() {
        if (closed) {
            return;
        }
        closed = true;
        if (underWay > 0) {
            submit(Request.cancel(fd));
        } else {
            release();
        }
    }

    private void release() {
        Kernel.close(fd);
        memory.clean();
        released.countDown();
        if (registration != null) {
            registration.cancel();
        }
    }
}
