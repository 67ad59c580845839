package dev.fairlead.transport.epoll;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;

/**
 * Netty's epoll, counting its batches of events. A descriptor that is closed while a batch is worked off may be given
 * out again before the batch ends; what the batch still says of that number is then about the old one. Whoever was born
 * in a batch therefore listens from the next one on.
 */
final class EpollBatches implements IoHandler {
    private final IoHandler epoll;
    private long batch;

    EpollBatches(IoHandler epoll) {
        this.epoll = epoll;
    }

    /** In the loop. */
    long batch() {
        return batch;
    }

    @Override
    public int run(IoHandlerContext context) {
        batch++;
        return epoll.run(context);
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return epoll.register(handle);
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }
}
