package dev.fairlead.transport.uring;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoHandle;
import org.jspecify.annotations.Nullable;

/**
 * Watches what is beneath the loop for its datagrams, as one descriptor, until the loop ends. Each poll completes once:
 * asking anew after each turn is what makes it level-triggered. Confined to its loop.
 */
final class UringSetWatch implements IoUringIoHandle {
    private final UringLoop loop;
    private final int fd;
    private @Nullable IoRegistration registration;

    UringSetWatch(UringLoop loop, int fd) {
        this.loop = loop;
        this.fd = fd;
    }

    void start() {
        IoRegistration made = loop.register(this);
        registration = made;
        made.submit(Request.untilReadable(fd));
    }

    @Override
    public void handle(IoRegistration same, IoEvent event) {
        if (loop.ending() || registration == null) {
            return;
        }
        loop.datagrams().turn();
        registration.submit(Request.untilReadable(fd));
    }

    /** The loop ends; its descriptor goes with what it stands for. */
    @Override
    public void close() {
        loop.ends();
        registration = null;
    }
}
