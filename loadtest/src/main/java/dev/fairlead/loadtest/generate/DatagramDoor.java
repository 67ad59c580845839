package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DatagramSocketAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Answers each datagram, but those that ask for silence, with the first bytes of it and then anything. */
final class DatagramDoor extends Door {
    /** A request with this number, or another one below 0, has no reply. */
    static final long SILENT = -1;

    /** What the kernel may hold while the loop is busy; it doubles the figure and cuts it at its limit. */
    private static final int RECEIVE_BUFFER = 4 * 1024 * 1024;

    private long taken;

    DatagramDoor(Lane lane, EndpointPlan plan, InetSocketAddress at) {
        super(lane, plan, LinuxSocket.newSocketDgram(at.getAddress() instanceof Inet6Address));
    }

    @Override
    InetSocketAddress open(InetSocketAddress at) throws IOException {
        socket.setReceiveBufferSize(RECEIVE_BUFFER);
        bind(at);
        watch();
        return socket.localAddress();
    }

    @Override
    void take() throws IOException {
        for (int i = 0; i < PER_TURN; i++) {
            @Nullable
            DatagramSocketAddress from = socket.recvFromAddress(lane.incomingAddress(), 0, Lane.BUFFER);
            if (from == null) {
                return;
            }
            taken++;
            if (from.receivedAmount() >= Long.BYTES && lane.incoming().get(Lane.NUMBER, 0) < 0) {
                continue;
            }
            // Sent from where the request lies, so that its number needs no copying. A reply that the kernel does not
            // take is lost, as datagrams are; its client will say so.
            socket.sendToAddress(lane.incomingAddress(), 0, plan.bytes(), from.getAddress(), from.getPort());
        }
    }

    @Override
    int connections() {
        return 0;
    }

    @Override
    long taken() {
        return taken;
    }

    @Override
    int drop() {
        shut();
        return 0;
    }
}
