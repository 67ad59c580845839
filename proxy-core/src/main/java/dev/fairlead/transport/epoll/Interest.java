package dev.fairlead.transport.epoll;

import io.netty.channel.epoll.EpollIoOps;

/** What a descriptor waits for: include/uapi/linux/eventpoll.h. */
final class Interest {
    static final int IN = 0x1;
    /** Urgent data: a read stops before it, so a short read then does not mean that everything was read. */
    static final int URGENT = 0x2;
    static final int OUT = 0x4;
    static final int ERROR = 0x8;
    static final int HANGUP = 0x10;
    /** The peer's FIN is in the receive queue. */
    static final int PEER_FIN = 0x2000;
    private static final int EXCLUSIVE = 1 << 28;
    private static final int EDGE = 1 << 31;

    /** An end from which is read, and to which nothing was written in vain yet. */
    static final EpollIoOps READING = EpollIoOps.valueOf(IN | URGENT | PEER_FIN | EDGE);
    /** An end that is told when there is room to write, too. */
    static final EpollIoOps ALL = EpollIoOps.valueOf(IN | URGENT | OUT | PEER_FIN | EDGE);
    /** A listening socket of several loops: one of them is woken for a newcomer, not all. */
    static final EpollIoOps NEWCOMERS = EpollIoOps.valueOf(IN | EXCLUSIVE);
    /** Somebody who need not take all there is: what is left is told again. */
    static final EpollIoOps WHILE_READABLE = EpollIoOps.valueOf(IN);

    private Interest() {
    }
}
