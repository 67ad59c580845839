package dev.fairlead.transport.epoll;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.unix.FileDescriptor;

/** Watches what is beneath the loop for its datagrams, as one descriptor, until the loop ends. Confined to its loop. */
final class EpollSetWatch implements EpollIoHandle {
    private final EpollLoop loop;
    private final FileDescriptor descriptor;

    EpollSetWatch(EpollLoop loop, int fd) {
        this.loop = loop;
        this.descriptor = new FileDescriptor(fd);
    }

    void start() {
        loop.register(this).submit(Interest.WHILE_READABLE);
    }

    @Override
    public void handle(IoRegistration same, IoEvent event) {
        loop.datagrams().turn();
    }

    @Override
    public FileDescriptor fd() {
        return descriptor;
    }

    /** The loop ends. */
    @Override
    public void close() {
        loop.datagrams().close();
    }
}
