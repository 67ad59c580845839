package dev.fairlead.loadtest.generate;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection. A plain descriptor, read and written as a file: Netty's sockets ask the kernel for their
 * name when made. A peer that breaks off is no error here; the clients know what they wanted. Confined to its lane's
 * thread.
 */
abstract class Served implements EpollIoHandle {
    final StreamDoor door;
    final Lane lane;
    final FileDescriptor descriptor;
    /** Where the door keeps it. */
    int place;
    private @Nullable IoRegistration registration;
    private boolean closed;

    Served(StreamDoor door, FileDescriptor descriptor) {
        this.door = door;
        this.lane = door.lane;
        this.descriptor = descriptor;
    }

    /** What epoll shall tell from the start. */
    abstract EpollIoOps interest();

    /** What epoll said, in the bits of {@link Interest}. */
    abstract void react(int bits) throws IOException;

    final void begin() throws IOException {
        try {
            registration = lane.register(this, interest());
        } catch (IOException problem) {
            close();
            throw problem;
        }
    }

    final void watch(EpollIoOps interest) {
        if (registration != null && !closed) {
            registration.submit(interest);
        }
    }

    final boolean isClosed() {
        return closed;
    }

    @Override
    public final FileDescriptor fd() {
        return descriptor;
    }

    @Override
    public final void handle(IoRegistration ignored, IoEvent event) {
        if (closed) {
            return;
        }
        try {
            react(Interest.bits(event));
        } catch (IOException | RuntimeException gone) {
            close();
        }
    }

    /** In order, unless unread bytes make the kernel reset. */
    @Override
    public final void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            // Before its registration: the kernel then drops it from the set by itself, a system call less.
            descriptor.close();
        } catch (IOException gone) {
            // The descriptor is given back all the same.
        }
        if (registration != null) {
            registration.cancel();
        }
        door.forget(this);
        closed();
    }

    /** Gives back what the connection had borrowed. */
    void closed() {
        // Most borrow nothing.
    }

    final void reset() {
        try {
            LinuxSocket.newSocket(descriptor.intValue()).setSoLinger(0);
        } catch (IOException | RuntimeException gone) {
            // Then it is closed already, which is as good.
        }
        close();
    }
}
