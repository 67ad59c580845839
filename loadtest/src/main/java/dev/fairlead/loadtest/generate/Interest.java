package dev.fairlead.loadtest.generate;

import io.netty.channel.IoEvent;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoOps;

/**
 * What handles ask epoll for, and the bits it answers with. Small exchanges are edge-triggered; doors and bulk streams
 * are level-triggered, so that one that has more to do than a turn allows is simply called again.
 */
final class Interest {
    static final int IN = 0x1;
    static final int OUT = 0x4;
    private static final int ERR = 0x8;
    private static final int HUP = 0x10;
    private static final int RDHUP = 0x2000;
    /** A reset, or an error: only a further system call says which. */
    static final int BROKEN = ERR | HUP;
    /** The peer has closed its direction, or all is over. */
    static final int ENDING = RDHUP | BROKEN;
    /** Something for a reader. */
    static final int READABLE = IN | ENDING;

    /** In the set, and silent but for errors. Netty's NONE would leave the set for good. */
    static final EpollIoOps QUIET = EpollIoOps.EPOLLET;
    static final EpollIoOps EDGE_IN = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP).with(EpollIoOps.EPOLLET);
    static final EpollIoOps EDGE_IN_OUT = EDGE_IN.with(EpollIoOps.EPOLLOUT);
    static final EpollIoOps LEVEL_IN = EpollIoOps.EPOLLIN;
    static final EpollIoOps LEVEL_OUT = EpollIoOps.EPOLLOUT.with(EpollIoOps.EPOLLRDHUP);

    private Interest() {
    }

    static int bits(IoEvent event) {
        return ((EpollIoEvent) event).ops().value();
    }
}
