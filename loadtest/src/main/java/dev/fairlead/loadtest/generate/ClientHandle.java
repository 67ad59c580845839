package dev.fairlead.loadtest.generate;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client's sockets, one at a time: it is the epoll handle of each of them in turn, so a new connection costs few
 * objects. Confined to its lane's thread.
 */
abstract class ClientHandle implements EpollIoHandle {
    /** After a failure, so that a frontend that refuses is not hammered by a loop without a wait in it. */
    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    final Lane lane;
    private @Nullable LinuxSocket socket;
    private @Nullable IoRegistration registration;

    ClientHandle(Lane lane) {
        this.lane = lane;
    }

    /** What epoll said about the socket, in the bits of {@link Interest}. */
    abstract void react(int bits) throws IOException;

    /** The connection is of no use any more. */
    abstract void fail(Mishap mishap, String detail);

    /** For good. */
    @Override
    public abstract void close();

    final void fail(Throwable problem) {
        fail(Mishap.of(problem), String.valueOf(problem.getMessage()));
    }

    @Override
    public final FileDescriptor fd() {
        return socket();
    }

    @Override
    public final void handle(IoRegistration ignored, IoEvent event) {
        if (socket == null) {
            return;
        }
        try {
            react(Interest.bits(event));
        } catch (IOException | RuntimeException problem) {
            fail(problem);
        }
    }

    final boolean isOpen() {
        return socket != null;
    }

    final LinuxSocket socket() {
        return Objects.requireNonNull(socket, "there is no socket");
    }

    /** A stream socket, non-blocking and connecting; the kernel picks its port. */
    final LinuxSocket connectStream(InetSocketAddress to) throws IOException {
        try {
            return connect(LinuxSocket.newSocketStream(to.getAddress() instanceof Inet6Address), to);
        } catch (ChannelException none) {
            throw new IOException("no socket: " + none.getMessage(), none);
        }
    }

    /** A datagram socket that hears only this peer. */
    final LinuxSocket connectDatagram(InetSocketAddress to) throws IOException {
        try {
            return connect(LinuxSocket.newSocketDgram(to.getAddress() instanceof Inet6Address), to);
        } catch (ChannelException none) {
            throw new IOException("no socket: " + none.getMessage(), none);
        }
    }

    private LinuxSocket connect(LinuxSocket made, InetSocketAddress to) throws IOException {
        socket = made;
        prepare(made);
        made.connect(to);
        return made;
    }

    /** Sets options before the socket connects. */
    void prepare(LinuxSocket made) throws IOException {
        // Most need none.
    }

    /** What the failed attempt to connect left behind, or 0. */
    final int connectError(int bits) throws IOException {
        return (bits & Interest.BROKEN) == 0 ? 0 : socket().getSoError();
    }

    /** Puts the current socket into the epoll set, or changes what it waits for. */
    final void watch(EpollIoOps interest) throws IOException {
        if (registration == null) {
            registration = lane.register(this, interest);
        } else {
            registration.submit(interest);
        }
    }

    /** Closes the current socket, if any: in order unless unread bytes make the kernel reset. */
    final void release() {
        LinuxSocket old = socket;
        if (old == null) {
            return;
        }
        try {
            // Before its registration: the kernel then drops it from the set by itself, a system call less.
            old.close();
        } catch (IOException gone) {
            // The descriptor is given back all the same.
        }
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
        socket = null;
    }
}
