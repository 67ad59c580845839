package dev.fairlead.transport.epoll;

import dev.fairlead.model.KeepAlive;
import dev.fairlead.transport.linux.Kernel;

/** SO_KEEPALIVE and TCP_KEEPIDLE. */
final class KeepAliveOption {
    private KeepAliveOption() {
    }

    /** On a connection, or on a listening socket for the connections that it is going to take. */
    static void set(Kernel kernel, int fd, KeepAlive wanted) {
        switch (wanted) {
            case KeepAlive.Off() -> kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_KEEPALIVE, 0);
            case KeepAlive.On(var idle) -> {
                kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_KEEPALIVE, 1);
                kernel.setOption(fd, Kernel.IPPROTO_TCP, Kernel.TCP_KEEPIDLE, (int) idle.toSeconds());
            }
        }
    }
}
