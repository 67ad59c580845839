package dev.fairlead.transport.linux;

import dev.fairlead.model.KeepAlive;

/** SO_KEEPALIVE and TCP_KEEPIDLE. */
public final class KeepAliveOption {
    private KeepAliveOption() {
    }

    /** On a connection, or on a listening socket for the connections that it is going to take. */
    public static void set(Kernel kernel, int fd, KeepAlive wanted) {
        switch (wanted) {
            case KeepAlive.Off() -> kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_KEEPALIVE, 0);
            case KeepAlive.On(var idle) -> {
                kernel.setOption(fd, Kernel.SOL_SOCKET, Kernel.SO_KEEPALIVE, 1);
                kernel.setOption(fd, Kernel.IPPROTO_TCP, Kernel.TCP_KEEPIDLE, (int) idle.toSeconds());
            }
        }
    }
}
