package dev.fairlead.transport.uring;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.ListeningSocket;
import dev.fairlead.transport.linux.SocketAddress;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket. It asks for one connection, and while the kernel says that more are waiting for up to
 * {@link #SEATS} at a time; who came after the door was paused waits inside. A connection stays on the door's loop
 * unless another has clearly fewer: short ones then rarely cost a wake-up of another thread.
 */
final class UringDoor implements Door, IoUringIoHandle {
    private static final int SEATS = 8;

    private final UringLoop loop;
    private final List<UringLoop> loops;
    private final int fd;
    private final IpPort address;
    private final Acceptor acceptor;
    private final @Nullable SocketAddress[] seats = new SocketAddress[SEATS];
    private final Deque<Newcomer> inside = new ArrayDeque<>(0);
    private final CountDownLatch released = new CountDownLatch(1);
    private @Nullable IoRegistration registration;
    private volatile boolean paused;
    private boolean closed;
    private int underWay;
    private int accepting;
    private int round = 1;
    private boolean moreWait;
    private boolean waitsFirst = true;

    private record Newcomer(int fd, IpPort peer) {
    }

    /** Takes the listening descriptor over, once it is started. */
    UringDoor(UringLoop loop, List<UringLoop> loops, int fd, IpPort address, Acceptor acceptor) {
        this.loop = loop;
        this.loops = loops;
        this.fd = fd;
        this.address = address;
        this.acceptor = acceptor;
    }

    /**
     * On its loop.
     *
     * @throws IllegalStateException when the loop is ending
     */
    void start() {
        registration = loop.register(this);
        loop.opened(this);
        acceptNext();
    }

    private void submit(IoUringIoOps request) {
        if (registration == null) {
            throw new IllegalStateException("a door that was not started");
        }
        underWay++;
        registration.submit(request);
    }

    /** Asks for as many connections as are likely there; when those have come or not, for the next. */
    private void acceptNext() {
        if (accepting > 0 || paused || closed) {
            return;
        }
        if (!moreWait) {
            round = 1;
            accept(0, waitsFirst ? Request.ACCEPT_WHEN_ONE_COMES : Request.ACCEPT_ANY);
            return;
        }
        round = Math.min(2 * round, SEATS);
        for (int seat = 0; seat < round; seat++) {
            accept(seat, Request.ACCEPT_IF_THERE);
        }
    }

    private void accept(int seat, short how) {
        accepting++;
        SocketAddress peer = seats[seat];
        if (peer == null) {
            peer = loop.takeAddress();
            seats[seat] = peer;
        }
        peer.expect();
        submit(Request.accept(fd, peer, how, seat));
    }

    @Override
    public IpPort address() {
        return address;
    }

    @Override
    public OptionalInt descriptor() {
        return OptionalInt.of(fd);
    }

    @Override
    public void pause() {
        paused = true;
        inLoop(() -> {
            if (paused && accepting > 0 && !closed) {
                submit(Request.cancel(fd));
            }
        });
    }

    @Override
    public void resume() {
        paused = false;
        inLoop(() -> {
            while (!paused && !inside.isEmpty()) {
                announce(inside.remove());
            }
            acceptNext();
        });
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
        if (Request.kind(completion) == Request.ACCEPT) {
            accepting--;
            accepted(completion);
            acceptNext();
        }
        if (closed && underWay == 0) {
            release();
        }
    }

    private void accepted(IoUringIoEvent completion) {
        int result = completion.res();
        moreWait = Request.more(completion);
        SocketAddress peer = seats[Request.seat(completion)];
        if (result >= 0 && peer != null) {
            Newcomer newcomer = new Newcomer(result, peer.get());
            if (paused) {
                inside.add(newcomer);
            } else {
                announce(newcomer);
            }
        } else if (result == -Errno.EINVAL) {
            waitsFirst = false; // a kernel before 6.10 does not know how
        } else if (result != -Errno.EAGAIN && Errno.starvation(-result)) {
            paused = true;
            acceptor.starved(Errno.word(-result));
        }
    }

    private void announce(Newcomer newcomer) {
        acceptor.arriving();
        UringLoop home = home();
        home.accepted().incrementAndGet();
        if (home == loop) {
            welcome(home, newcomer);
            return;
        }
        try {
            home.execute(() -> welcome(home, newcomer));
        } catch (RejectedExecutionException ended) {
            turnAway(loop, home, newcomer);
        }
    }

    /** Where a newcomer should live: here, unless another loop has clearly fewer. */
    private UringLoop home() {
        UringLoop home = loop;
        int fewest = loop.accepted().get();
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

    private void welcome(UringLoop home, Newcomer newcomer) {
        UringConnection connection;
        try {
            connection = new UringConnection(home, newcomer.fd(), newcomer.peer(), acceptor);
        } catch (IllegalStateException ends) {
            turnAway(home, home, newcomer);
            return;
        }
        home.welcome(connection, acceptor);
    }

    private void turnAway(UringLoop here, UringLoop home, Newcomer newcomer) {
        home.accepted().decrementAndGet();
        here.kernel().close(newcomer.fd());
        acceptor.gone();
    }

    @Override
    public void filter(SourceFilter filter) throws OpenFailure {
        ListeningSocket.filter(fd, address, filter);
    }

    @Override
    public void close() {
        if (loop.inLoop()) {
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
        inside.forEach(this::announce);
        inside.clear();
        if (underWay > 0) {
            submit(Request.cancel(fd));
        } else {
            release();
        }
    }

    /**
     * Another process may listen at the same socket, and whoever came before this door gave its waiting up may have
     * woken this one alone.
     */
    private void takeThoseWhoCame() {
        for (int most = ListeningSocket.LONGEST_QUEUE; most > 0 && !paused; most--) {
            int result = loop.kernel().accept(fd);
            if (result >= 0) {
                announce(new Newcomer(result, loop.kernel().lastAddress()));
            } else if (result == -Errno.EAGAIN || Errno.starvation(-result)) {
                return;
            }
        }
    }

    private void release() {
        takeThoseWhoCame();
        for (SocketAddress seat : seats) {
            if (seat != null) {
                loop.giveAddress(seat);
            }
        }
        abandon();
        if (registration != null) {
            registration.cancel();
        }
    }

    /** Closes the descriptor at once; what is under way is not waited for. */
    void abandon() {
        loop.kernel().close(fd);
        loop.closed(this);
        released.countDown();
    }
}
