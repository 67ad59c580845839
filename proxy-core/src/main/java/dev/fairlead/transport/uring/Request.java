package dev.fairlead.transport.uring;

import dev.fairlead.transport.linux.SocketAddress;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoOps;

/**
 * What is asked of the kernel through the ring, as Netty takes it: the fields of struct io_uring_sqe of
 * include/uapi/linux/io_uring.h. The user data tells completions of one handle apart.
 */
final class Request {
    static final int RECEIVE = 1;
    static final int SEND = 2;
    static final int CONNECT = 3;
    static final int ACCEPT = 4;
    static final int WATCH = 5;
    static final int CANCEL = 6;
    static final int CLOSE = 7;
    static final int READABLE = 8;
    static final int WRITABLE = 9;

    /** Tries at once, and waits where none is there. */
    static final short ACCEPT_ANY = 0;
    /** EAGAIN where none is there; since Linux 6.10, as is {@link #more} for an accept. */
    static final short ACCEPT_IF_THERE = 1 << 1;
    /** Waits before it tries, which is cheaper where none is there: a try makes a socket first; since Linux 6.10. */
    static final short ACCEPT_WHEN_ONE_COMES = 1 << 2;

    private static final int KIND_BITS = 8;

    // Operations, of enum io_uring_op.
    private static final byte OP_POLL_ADD = 6;
    private static final byte OP_ACCEPT = 13;
    private static final byte OP_ASYNC_CANCEL = 14;
    private static final byte OP_CONNECT = 16;
    private static final byte OP_CLOSE = 19;
    private static final byte OP_SEND = 26;
    private static final byte OP_RECV = 27;

    private static final short RECVSEND_POLL_FIRST = 1;
    private static final int CANCEL_ALL = 1;
    private static final int CANCEL_FD = 1 << 1;
    private static final int POLL_ADD_MULTI = 1;
    private static final int POLL_IN = 1;
    private static final int POLL_OUT = 4;
    private static final int POLL_ERR_HUP = 0x18;
    private static final int CQE_F_MORE = 1 << 1;
    private static final int CQE_F_SOCK_NONEMPTY = 1 << 2;

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_WAITALL = 0x100;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_MORE = 0x8000;
    private static final int SOCK_NONBLOCK_CLOEXEC = 0x80800;

    private Request() {
    }

    /** Receives what is there, or what comes first. */
    static IoUringIoOps receive(int fd, long address, int length) {
        return request(OP_RECV, (short) 0, fd, 0, address, length, 0, RECEIVE);
    }

    /** As {@link #receive}, where nothing is expected to be there already: waits before it tries. */
    static IoUringIoOps receiveLater(int fd, long address, int length) {
        return request(OP_RECV, RECVSEND_POLL_FIRST, fd, 0, address, length, 0, RECEIVE);
    }

    /** Receives what is there; EAGAIN where nothing is. */
    static IoUringIoOps receiveNow(int fd, long address, int length) {
        return request(OP_RECV, (short) 0, fd, 0, address, length, MSG_DONTWAIT, RECEIVE);
    }

    /**
     * Sends all of it, however long that takes.
     *
     * @param more whether a FIN follows at once, which the last segment can carry
     */
    static IoUringIoOps send(int fd, long address, int length, boolean more) {
        int flags = MSG_NOSIGNAL | MSG_WAITALL | (more ? MSG_MORE : 0);
        return request(OP_SEND, (short) 0, fd, 0, address, length, flags, SEND);
    }

    /** The address must stay where it is until the request is submitted. */
    static IoUringIoOps connect(int fd, SocketAddress address) {
        return request(OP_CONNECT, (short) 0, fd, address.length(), address.address(), 0, 0, CONNECT);
    }

    /**
     * Takes one connection; its peer's address is written where told.
     *
     * @param how one of the three ways to wait
     * @param seat told again by {@link #seat}: 0 to 127
     */
    static IoUringIoOps accept(int fd, SocketAddress peer, short how, int seat) {
        return request(OP_ACCEPT, how, fd, peer.lengthAddress(), peer.address(), 0, SOCK_NONBLOCK_CLOEXEC,
                ACCEPT | seat << KIND_BITS);
    }

    static int kind(IoUringIoEvent event) {
        return (int) event.userData() & (1 << KIND_BITS) - 1;
    }

    static int seat(IoUringIoEvent event) {
        return (int) event.userData() >> KIND_BITS;
    }

    /**
     * Waits for what needs no asking: that the connection breaks, or is over in both directions. It also completes for
     * a FIN, unasked, and therefore many times.
     */
    static IoUringIoOps watch(int fd) {
        return request(OP_POLL_ADD, (short) 0, fd, 0, 0, POLL_ADD_MULTI, 0, WATCH);
    }

    /** Waits for bytes, a FIN or a break, once. */
    static IoUringIoOps untilReadable(int fd) {
        return request(OP_POLL_ADD, (short) 0, fd, 0, 0, 0, POLL_IN, READABLE);
    }

    /** Waits for room or a break, once. */
    static IoUringIoOps untilWritable(int fd) {
        return request(OP_POLL_ADD, (short) 0, fd, 0, 0, 0, POLL_OUT, WRITABLE);
    }

    /** Whether the watch saw more than a FIN. */
    static boolean broken(IoUringIoEvent event) {
        return event.res() > 0 && (event.res() & POLL_ERR_HUP) != 0;
    }

    /** Whether the request has ended with this completion. */
    static boolean last(IoUringIoEvent event) {
        return (event.flags() & CQE_F_MORE) == 0;
    }

    /** Ends all requests on a descriptor; each completes with ECANCELED unless it was faster. */
    static IoUringIoOps cancel(int fd) {
        return request(OP_ASYNC_CANCEL, (short) 0, fd, 0, 0, 0, CANCEL_ALL | CANCEL_FD, CANCEL);
    }

    static IoUringIoOps close(int fd) {
        return request(OP_CLOSE, (short) 0, fd, 0, 0, 0, 0, CLOSE);
    }

    /** Whether there is more where this came from: bytes or a FIN after a receive, connections after an accept. */
    static boolean more(IoUringIoEvent event) {
        return (event.flags() & CQE_F_SOCK_NONEMPTY) != 0;
    }

    private static IoUringIoOps request(byte operation, short priority, int fd, long second, long address, int length,
            int flags, int kind) {
        return new IoUringIoOps(operation, (byte) 0, priority, fd, second, address, length, flags, (long) kind,
                (short) 0, (short) 0, 0, 0);
    }
}
