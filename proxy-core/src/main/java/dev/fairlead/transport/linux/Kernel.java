package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The system calls of a relay. Every method returns the kernel's result, or the errno negated ({@link Errno}); none
 * throws, none blocks (sockets and pipes are made non-blocking). Addresses are plain numbers: whoever passes one keeps
 * that memory alive. For one thread.
 */
public final class Kernel {
    /** {@link #send}: more follows at once, so wait with a small segment. */
    public static final int MSG_MORE = 0x8000;
    /** The level and options of {@link #option} and {@link #setOption}; include/uapi. */
    public static final int SOL_SOCKET = 1;
    public static final int SO_REUSEADDR = 2;
    public static final int SO_ERROR = 4;
    public static final int SO_KEEPALIVE = 9;
    public static final int SO_REUSEPORT = 15;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    public static final int IPPROTO_IP = 0;
    /**
     * Of {@link #IPPROTO_IP}, for sockets of both families: bind to an address that is not this machine's, or not yet.
     */
    public static final int IP_FREEBIND = 15;
    public static final int IPPROTO_TCP = 6;
    private static final int IP_TRANSPARENT = 19;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;
    public static final int TCP_NODELAY = 1;
    public static final int TCP_KEEPIDLE = 4;
    public static final int TCP_QUICKACK = 12;

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_RAW = 3;
    private static final int AF_NETLINK = 16;
    private static final int NONBLOCK = 0x800; // O_NONBLOCK and SOCK_NONBLOCK
    private static final int CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_PEEK = 0x2;
    private static final int MSG_TRUNC = 0x20;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int SIGSET_SIZE = 8;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    // More datagrams than a door's receive buffer holds.
    private static final int MOST_RECEIVED = 4096;
    private static final int SHUT_WR = 1;
    private static final int SO_LINGER = 13;
    private static final int FIONREAD = 0x541b;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int F_GETPIPE_SZ = 1032;
    private static final int SPLICE_F_MOVE = 1;
    private static final int SPLICE_F_NONBLOCK = 2;
    private static final int AT_FDCWD = -100;

    private final SystemCallNumbers numbers;
    private final SystemCall systemCall;
    private final MemorySegment scratch;
    private final SocketAddress socketAddress;
    private MemorySegment peeked = MemorySegment.NULL;

    /**
     * Prepares what calls need.
     *
     * @throws UnsupportedOperationException where {@link #unavailable} says so
     */
    public Kernel() {
        numbers = SystemCallNumbers.here()
                .orElseThrow(() -> new UnsupportedOperationException(unavailable().orElse("")));
        // Every call holds on to errno's arena while it lasts. For this kind that costs nothing; for a shared one it is
        // two atomic writes, to the same place for all threads.
        Arena arena = Arena.ofAuto();
        systemCall = new SystemCall(arena);
        scratch = arena.allocate(16, 8);
        socketAddress = new SocketAddress(arena);
    }

    /** Why system calls cannot be made here; empty where they can. */
    public static Optional<String> unavailable() {
        if (SystemCallNumbers.here().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                + " (expected: Linux on amd64 or aarch64)");
    }

    // ---- sockets ----

    /** A TCP socket. */
    public int socket(IpFamily family) {
        return (int) call(numbers.socket(), SocketAddress.family(family), SOCK_STREAM | NONBLOCK | CLOEXEC, 0, 0, 0, 0);
    }

    /** A UDP socket. */
    public int datagramSocket(IpFamily family) {
        return (int) call(numbers.socket(), SocketAddress.family(family), SOCK_DGRAM | NONBLOCK | CLOEXEC, 0, 0, 0, 0);
    }

    /**
     * A socket to one of the kernel's own offices: include/uapi/linux/netlink.h.
     *
     * @param office such as NETLINK_ROUTE
     * @param groups whose news it is told, a bit each; 0 = none
     */
    public int netlinkSocket(int office, int groups) {
        int fd = (int) call(numbers.socket(), AF_NETLINK, SOCK_RAW | NONBLOCK | CLOEXEC, office, 0, 0, 0);
        if (fd < 0) {
            return fd;
        }
        scratch.set(JAVA_INT, 0, AF_NETLINK); // and two bytes of padding
        scratch.set(JAVA_INT, 4, 0); // the kernel chooses our number
        scratch.set(JAVA_INT, 8, groups);
        int result = (int) call(numbers.bind(), fd, scratch.address(), 12, 0, 0, 0);
        if (result < 0) {
            close(fd);
        }
        return result < 0 ? result : fd;
    }

    public int bind(int fd, IpPort address) {
        socketAddress.set(address);
        return (int) call(numbers.bind(), fd, socketAddress.address(), socketAddress.length(), 0, 0, 0);
    }

    public int listen(int fd, int backlog) {
        return (int) call(numbers.listen(), fd, backlog, 0, 0, 0, 0);
    }

    /** Takes a connection from the queue; {@link #lastAddress} then is its peer. */
    public int accept(int fd) {
        socketAddress.expect();
        return (int) call(numbers.accept4(), fd, socketAddress.address(), socketAddress.lengthAddress(),
                NONBLOCK | CLOEXEC, 0, 0);
    }

    /** 0, or {@code -EINPROGRESS}: the socket becomes writable once the outcome is known. */
    public int connect(int fd, IpPort address) {
        socketAddress.set(address);
        return (int) call(numbers.connect(), fd, socketAddress.address(), socketAddress.length(), 0, 0, 0);
    }

    /** Lets a socket of either family be bound to an address that is not this machine's. */
    int transparent(int fd) {
        return setOption(fd, IPPROTO_IP, IP_TRANSPARENT, 1);
    }

    /**
     * Binds a socket that is to be connected to somebody else's address; the port is chosen when it is connected. Where
     * that cannot be had, so is the address, as ever.
     */
    public void assume(int fd, InetAddress source) {
        if (transparent(fd) == 0) {
            setOption(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
            bind(fd, new IpPort(source, 0));
        }
    }

    /** Takes a UDP socket's peer away, and its port where the kernel had chosen that. */
    public int disconnect(int fd) {
        scratch.set(JAVA_INT, 0, 0); // AF_UNSPEC
        return (int) call(numbers.connect(), fd, scratch.address(), 16, 0, 0, 0);
    }

    /** Asks where a socket is bound; {@link #lastAddress} tells. */
    public int localAddress(int fd) {
        socketAddress.expect();
        return (int) call(numbers.getsockname(), fd, socketAddress.address(), socketAddress.lengthAddress(), 0, 0, 0);
    }

    /** What the last call that writes an address wrote. */
    public IpPort lastAddress() {
        return socketAddress.get();
    }

    /** Bytes read; 0 = the peer has sent its FIN. */
    public long receive(int fd, long address, long length) {
        return call(numbers.recvfrom(), fd, address, length, 0, 0, 0);
    }

    /** As {@link #receive} of at most so many bytes, which stay where they are; {@link #peeked} tells them. */
    public int peek(int fd, int most) {
        if (peeked.byteSize() < most) {
            peeked = Arena.ofAuto().allocate(most);
        }
        return (int) call(numbers.recvfrom(), fd, peeked.address(), most, MSG_PEEK, 0, 0);
    }

    /** Copies what the last {@link #peek} saw. */
    public void peeked(byte[] to, int offset, int count) {
        MemorySegment.copy(peeked, JAVA_BYTE, 0, to, offset, count);
    }

    /** Takes bytes of a TCP connection that have come, and forgets them. */
    public void drop(int fd, int count) {
        call(numbers.recvfrom(), fd, 0, count, MSG_TRUNC, 0, 0);
    }

    /** Drops the datagrams that a UDP socket has received, and an error that waits to be told. */
    public void dropReceived(int fd) {
        for (int most = MOST_RECEIVED; most > 0 && receive(fd, 0, 0) != -Errno.EAGAIN; most--) {
            // It was for nobody.
        }
    }

    /**
     * Bytes taken; fewer than given = there is no more room.
     *
     * @param flags 0 or {@link #MSG_MORE}
     */
    public long send(int fd, long address, long length, int flags) {
        return call(numbers.sendto(), fd, address, length, MSG_NOSIGNAL | flags, 0, 0);
    }

    /**
     * Datagrams received: at least one, or {@code -EAGAIN}.
     *
     * @param headers where {@code count} of struct mmsghdr lie
     */
    public int receiveMany(int fd, long headers, int count) {
        return (int) call(numbers.recvmmsg(), fd, headers, count, MSG_DONTWAIT, 0, 0);
    }

    /** Datagrams taken: those behind them were not, and were not looked at; an error is about the first. */
    public int sendMany(int fd, long headers, int count) {
        return (int) call(numbers.sendmmsg(), fd, headers, count, MSG_NOSIGNAL | MSG_DONTWAIT, 0, 0);
    }

    /** Sends the FIN; reading goes on. */
    public int shutdownOutput(int fd) {
        return (int) call(numbers.shutdown(), fd, SHUT_WR, 0, 0, 0, 0);
    }

    public int close(int fd) {
        return (int) call(numbers.close(), fd, 0, 0, 0, 0, 0);
    }

    /** From now on closing it makes the peer see a reset; unsent bytes are dropped then. */
    public int resetOnClose(int fd) {
        scratch.set(JAVA_INT, 0, 1);
        scratch.set(JAVA_INT, 4, 0);
        return (int) call(numbers.setsockopt(), fd, SOL_SOCKET, SO_LINGER, scratch.address(), 8, 0);
    }

    /** Bytes that have come and were not read yet. */
    public int waiting(int fd) {
        scratch.set(JAVA_INT, 0, 0);
        long result = call(numbers.ioctl(), fd, FIONREAD, scratch.address(), 0, 0, 0);
        return result < 0 ? (int) result : scratch.get(JAVA_INT, 0);
    }

    public int setOption(int fd, int level, int name, int value) {
        scratch.set(JAVA_INT, 0, value);
        return (int) call(numbers.setsockopt(), fd, level, name, scratch.address(), 4, 0);
    }

    /**
     * How many bytes may wait in a socket's receive buffer, the kernel's own bookkeeping not counted. Who lacks
     * NET_ADMIN gets no more than net.core.rmem_max, and is not told.
     */
    public int receiveBuffer(int fd, int bytes) {
        int result = Beyond.MAX ? setOption(fd, SOL_SOCKET, SO_RCVBUFFORCE, bytes) : -Errno.EPERM;
        return result == -Errno.EPERM ? setOption(fd, SOL_SOCKET, SO_RCVBUF, bytes) : result;
    }

    /** Whether a limit of the machine may be passed over, asked once: what is not held is never got. */
    private static final class Beyond {
        static final boolean MAX = Capability.effective().contains(Capability.NET_ADMIN);
    }

    /** The same with a value that is a structure. */
    int setOption(int fd, int level, int name, MemorySegment value) {
        return (int) call(numbers.setsockopt(), fd, level, name, value.address(), value.byteSize(), 0);
    }

    /** An option's value, which is never negative. */
    public int option(int fd, int level, int name) {
        scratch.set(JAVA_INT, 0, 0);
        scratch.set(JAVA_INT_UNALIGNED, 8, 4);
        long result = call(numbers.getsockopt(), fd, level, name, scratch.address(), scratch.address() + 8, 0);
        return result < 0 ? (int) result : scratch.get(JAVA_INT, 0);
    }

    // ---- epoll ----

    /** A new epoll instance. */
    public int epoll() {
        return (int) call(numbers.epollCreate1(), CLOEXEC, 0, 0, 0, 0, 0);
    }

    /** Watches a descriptor until it is closed; event: where a struct epoll_event lies. */
    public int epollAdd(int epoll, int fd, long event) {
        return (int) call(numbers.epollCtl(), epoll, EPOLL_CTL_ADD, fd, event, 0, 0);
    }

    /**
     * Watches a descriptor no longer: its socket may live on in another process, and would be watched until it ends.
     */
    public int epollRemove(int epoll, int fd) {
        return (int) call(numbers.epollCtl(), epoll, EPOLL_CTL_DEL, fd, 0, 0, 0);
    }

    /** How many events there are now; it does not wait for any. */
    public int epollEvents(int epoll, long events, int most) {
        return (int) call(numbers.epollPwait(), epoll, events, most, 0, 0, SIGSET_SIZE);
    }

    /** Waits for events, as long as it takes; how many there are. The one call that blocks: for a thread of its own. */
    public int awaitEvents(int epoll, long events, int most) {
        return (int) call(numbers.epollPwait(), epoll, events, most, -1, 0, SIGSET_SIZE);
    }

    // ---- memory ----

    /** So many bytes of zeros, of which nothing is there until it is touched; the address, or the errno negated. */
    public long map(long bytes) {
        return call(numbers.mmap(), 0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    }

    public void unmap(long address, long bytes) {
        call(numbers.munmap(), address, bytes, 0, 0, 0, 0);
    }

    // ---- pipes ----

    /** A pipe: the reading end in the low half, the writing end in the high half. */
    public long pipe() {
        long result = call(numbers.pipe2(), scratch.address(), NONBLOCK | CLOEXEC, 0, 0, 0, 0);
        return result < 0
                ? result
                : Integer.toUnsignedLong(scratch.get(JAVA_INT, 0))
                        | Integer.toUnsignedLong(scratch.get(JAVA_INT, 4)) << 32;
    }

    /** Asks for a pipe's capacity in bytes; the kernel may grant more, or refuse. */
    public int setPipeSize(int fd, int bytes) {
        return (int) call(numbers.fcntl(), fd, F_SETPIPE_SZ, bytes, 0, 0, 0);
    }

    /** A pipe's capacity in bytes. */
    public int pipeSize(int fd) {
        return (int) call(numbers.fcntl(), fd, F_GETPIPE_SZ, 0, 0, 0, 0);
    }

    /** Bytes moved between a socket and a pipe without passing through here; 0 = the source has ended. */
    public long splice(int from, int to, long length) {
        return call(numbers.splice(), from, 0, to, 0, length, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    }

    // ---- files, programs in the kernel ----

    /** Opens a file for reading; path: where its name lies, as C has it. */
    public int openToRead(long path) {
        return (int) call(numbers.openat(), AT_FDCWD, path, CLOEXEC, 0, 0, 0);
    }

    /**
     * bpf(2).
     *
     * @param command one of enum bpf_cmd
     * @param attributes where the part of union bpf_attr lies that the command looks at
     */
    public int bpf(int command, long attributes, int size) {
        return (int) call(numbers.bpf(), command, attributes, size, 0, 0, 0);
    }

    private long call(long number, long a, long b, long c, long d, long e, long f) {
        return systemCall.call(number, a, b, c, d, e, f);
    }
}
