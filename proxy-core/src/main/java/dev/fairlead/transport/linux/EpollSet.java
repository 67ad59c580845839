package dev.fairlead.transport.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * An epoll instance of our own: many descriptors that are watched as one, which may itself be watched by another epoll
 * or by a ring. Level-triggered. For one thread.
 */
public final class EpollSet {
    private static final int IN = 0x1;
    // struct epoll_event is packed on x86 and nowhere else: include/uapi/linux/eventpoll.h.
    private static final boolean PACKED = !System.getProperty("os.arch", "").equals("aarch64");
    private static final int STRIDE = PACKED ? 12 : 16;
    private static final int DATA = PACKED ? 4 : 8;

    private final Kernel kernel;
    private final int fd;
    private final int most;
    private final MemorySegment events;
    private final MemorySegment event;

    /**
     * Opens one.
     *
     * @param arena outlives this
     * @param most events of one look
     * @throws IllegalStateException when the kernel will not
     */
    public EpollSet(Kernel kernel, Arena arena, int most) {
        this.kernel = kernel;
        this.most = most;
        this.events = arena.allocate((long) most * STRIDE, 8);
        this.event = arena.allocate(16, 8);
        this.fd = kernel.epoll();
        if (fd < 0) {
            throw new IllegalStateException("epoll: " + Errno.word(-fd));
        }
    }

    /** Itself readable while any of the watched ones is. */
    public int fd() {
        return fd;
    }

    /** Watches a descriptor until it is closed; 0 or the errno negated. */
    public int add(int watched, int name) {
        event.set(JAVA_INT_UNALIGNED, 0, IN);
        event.set(JAVA_LONG_UNALIGNED, DATA, name);
        return kernel.epollAdd(fd, watched, event.address());
    }

    /** Watches a descriptor no longer, whoever else has its socket; one that is not watched stays so. */
    public void remove(int watched) {
        kernel.epollRemove(fd, watched);
    }

    /** Looks, without waiting; how many are readable or broken. */
    public int look() {
        return kernel.epollEvents(fd, events.address(), most);
    }

    /** Looks, and waits until there is something. */
    public int await() {
        return kernel.awaitEvents(fd, events.address(), most);
    }

    /** The name of one of those that {@link #look} found. It may have been closed since. */
    public int name(int index) {
        return (int) events.get(JAVA_LONG_UNALIGNED, (long) index * STRIDE + DATA);
    }

    public void close() {
        kernel.close(fd);
    }
}
