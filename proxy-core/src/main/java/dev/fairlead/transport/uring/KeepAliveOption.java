package dev.fairlead.transport.uring;

import dev.fairlead.model.KeepAlive;

/** SO_KEEPALIVE and TCP_KEEPIDLE. */
final class KeepAliveOption {
    private static final int SOL_SOCKET = 1;
    private static final int SO_KEEPALIVE = 9;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;

    private KeepAliveOption() {
    }

    /** On a connection, or on a listening socket for the connections that it is going to take. */
    static void set(int fd, KeepAlive wanted) {
        switch (wanted) {
            case KeepAlive.Off() -> Kernel.option(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
            case KeepAlive.On(var idle) -> {
                Kernel.option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
                Kernel.option(fd, IPPROTO_TCP, TCP_KEEPIDLE, (int) idle.toSeconds());
            }
        }
    }
}
