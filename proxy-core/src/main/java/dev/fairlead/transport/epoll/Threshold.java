package dev.fairlead.transport.epoll;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.ListeningSocket;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Where one loop waits for newcomers at a door. Confined to its loop. */
final class Threshold implements EpollIoHandle {
    private static final int MOST_AT_A_TIME = 64;

    private final EpollDoor door;
    private final EpollLoop loop;
    private @Nullable IoRegistration registration;
    private boolean left;
    // So many came last time, about: asking until the queue is empty would cost one call too many each time, and what
    // is left in the queue is told again.
    private int expected = MOST_AT_A_TIME;

    Threshold(EpollDoor door, EpollLoop loop) {
        this.door = door;
        this.loop = loop;
    }

    EpollLoop loop() {
        return loop;
    }

    /** Waits, or stops waiting, as the door is now. */
    void look() {
        if (door.takes()) {
            if (registration == null && !left) {
                IoRegistration made = loop.register(this);
                made.submit(Interest.NEWCOMERS);
                registration = made;
            }
        } else {
            stopWaiting();
            if (door.closed() && !left) {
                takeThoseWhoCame();
                leave();
            }
        }
    }

    private void stopWaiting() {
        IoRegistration old = registration;
        registration = null;
        if (old != null) {
            old.cancel();
        }
    }

    /**
     * Another process may listen at the same socket, and whoever came while this loop still waited may have woken this
     * loop alone.
     */
    private void takeThoseWhoCame() {
        for (int most = ListeningSocket.LONGEST_QUEUE; most > 0 && !door.paused(); most--) {
            int result = loop.kernel().accept(door.socket().intValue());
            if (result >= 0) {
                arrived(result, loop.kernel().lastAddress());
            } else if (result == -Errno.EAGAIN || Errno.starvation(-result)) {
                return;
            }
        }
    }

    private void leave() {
        if (!left) {
            left = true;
            door.left();
        }
    }

    @Override
    public void handle(IoRegistration same, IoEvent event) {
        for (int taken = 0; taken < expected; taken++) {
            if (!door.takes()) {
                return;
            }
            int result = loop.kernel().accept(door.socket().intValue());
            if (result >= 0) {
                arrived(result, loop.kernel().lastAddress());
            } else if (result == -Errno.EAGAIN) {
                expected = Math.max(1, taken);
                return;
            } else if (Errno.starvation(-result)) {
                door.pause();
                door.acceptor().starved(Errno.word(-result));
                return;
            }
            // Anything else is about that one newcomer, who has left.
        }
        expected = Math.min(MOST_AT_A_TIME, expected + 1);
    }

    private void arrived(int fd, IpPort peer) {
        door.acceptor().arriving();
        EpollLoop home = door.home(loop);
        home.accepted().incrementAndGet();
        if (home == loop) {
            welcome(home, fd, peer);
            return;
        }
        try {
            home.execute(() -> welcome(home, fd, peer));
        } catch (RejectedExecutionException ended) {
            turnAway(home, fd);
        }
    }

    private void welcome(EpollLoop home, int fd, IpPort peer) {
        EpollConnection connection = new EpollConnection(home, fd, peer, door);
        try {
            connection.register(Interest.READING);
        } catch (RuntimeException noRoom) {
            connection.reset();
            return;
        }
        door.acceptor().accepted(connection);
    }

    private void turnAway(EpollLoop home, int fd) {
        loop.kernel().close(fd);
        door.gone(home);
    }

    @Override
    public FileDescriptor fd() {
        return door.socket();
    }

    /** The loop ends. */
    @Override
    public void close() {
        registration = null;
        leave();
    }
}
