package dev.fairlead.transport.linux;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.transport.DoorPlace;
import dev.fairlead.transport.OpenFailure;

/**
 * A TCP socket that listens; its owner closes it.
 *
 * @param fd its descriptor
 * @param address what it is bound to, with its port
 */
public record ListeningSocket(int fd, IpPort address) {
    /** Most clients that can wait to be taken; the kernel has fewer where net.core.somaxconn says so. */
    public static final int LONGEST_QUEUE = 4096;

    /**
     * Opens one. What it takes has TCP_NODELAY set.
     *
     * @param filter in force before the first client can come
     * @throws OpenFailure when the kernel will not
     */
    public static ListeningSocket open(DoorPlace place, SourceFilter filter) throws OpenFailure {
        IpPort address = place.address();
        Kernel kernel = new Kernel();
        int fd = kernel.socket(address.family());
        if (fd < 0) {
            throw new OpenFailure(address, Errno.word(-fd));
        }
        kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_REUSEADDR, 1);
        kernel.setOption(fd, Kernel.IPPROTO_TCP, Kernel.TCP_NODELAY, 1); // accepted connections inherit it
        int result = place.foreign() ? kernel.setOption(fd, Kernel.IPPROTO_IP, Kernel.IP_FREEBIND, 1) : 0;
        if (result == 0) {
            result = kernel.bind(fd, address);
        }
        if (result == 0 && !filter.equals(SourceFilter.EVERYBODY)) {
            result = SourceFilterProgram.attach(kernel, fd, filter, address.family());
        }
        if (result == 0) {
            result = kernel.listen(fd, LONGEST_QUEUE);
        }
        if (result == 0) {
            result = kernel.localAddress(fd);
        }
        if (result < 0) {
            kernel.close(fd);
            throw new OpenFailure(address, Errno.word(-result));
        }
        return new ListeningSocket(fd, kernel.lastAddress());
    }

    /**
     * Takes over one that another process opened.
     *
     * @throws OpenFailure when it cannot have the filter; it is closed then
     */
    public static ListeningSocket adopt(int fd, IpPort address, SourceFilter filter) throws OpenFailure {
        Kernel kernel = new Kernel();
        int result = SourceFilterProgram.attach(kernel, fd, filter, address.family());
        if (result < 0) {
            kernel.close(fd);
            throw new OpenFailure(address, Errno.word(-result));
        }
        return new ListeningSocket(fd, address);
    }

    /**
     * Makes it take others than before, at once; does nothing where the kernel lets nobody filter.
     *
     * @throws OpenFailure when the kernel will not
     */
    public static void filter(int fd, IpPort address, SourceFilter filter) throws OpenFailure {
        int result = SourceFilterProgram.attach(new Kernel(), fd, filter, address.family());
        if (result < 0) {
            throw new OpenFailure(address, Errno.word(-result));
        }
    }
}
