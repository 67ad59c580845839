package dev.fairlead.loadtest.generate;

import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A listening socket and the connections it took. */
final class StreamDoor extends Door {
    private static final int BACKLOG = 4096;
    /** As much as Netty's accept writes there: a length, an IPv6 address, its scope and a port. */
    private static final int PEER_BYTES = 26;

    private final byte[] peer = new byte[PEER_BYTES];
    private @Nullable Served[] open = new Served[64];
    private int count;
    private long accepted;

    StreamDoor(Lane lane, EndpointPlan plan, InetSocketAddress at) {
        super(lane, plan, LinuxSocket.newSocketStream(at.getAddress() instanceof Inet6Address));
    }

    @Override
    InetSocketAddress open(InetSocketAddress at) throws IOException {
        // Accepted sockets inherit it, at no system call each.
        socket.setTcpNoDelay(true);
        bind(at);
        socket.listen(BACKLOG);
        watch();
        return socket.localAddress();
    }

    @Override
    void take() throws IOException {
        for (int i = 0; i < PER_TURN; i++) {
            int descriptor = socket.accept(peer);
            if (descriptor < 0) {
                return;
            }
            accepted++;
            Served served = plan.kind().serve(this, new FileDescriptor(descriptor));
            remember(served);
            served.begin();
        }
    }

    @Override
    int connections() {
        return count;
    }

    @Override
    long taken() {
        return accepted;
    }

    @Override
    int drop() {
        shut();
        int dropped = count;
        while (count > 0) {
            Objects.requireNonNull(open[count - 1]).reset();
        }
        return dropped;
    }

    /** The connection is closed. */
    void forget(Served served) {
        Served last = Objects.requireNonNull(open[--count]);
        open[served.place] = last;
        last.place = served.place;
        open[count] = null;
    }

    private void remember(Served served) {
        if (count == open.length) {
            open = Arrays.copyOf(open, 2 * count);
        }
        served.place = count;
        open[count++] = served;
    }
}
