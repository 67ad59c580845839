package dev.fairlead.transport.linux.netlink;

import dev.fairlead.transport.linux.Errno;
import java.io.IOException;

/** The kernel refused something. The message is what was asked for and the kernel's word. */
public final class NetlinkFailure extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    NetlinkFailure(String doing, int errno) {
        super(doing + ": " + Errno.word(errno)
                + (errno == Errno.EPERM ? " (expected: the capability NET_ADMIN)" : ""));
        this.errno = errno;
    }

    /** One of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
