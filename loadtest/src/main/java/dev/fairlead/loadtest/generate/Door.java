package dev.fairlead.loadtest.generate;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bound socket of one lane. With several lanes each has its own on the same address, and the kernel deals clients
 * out. Level-triggered, so that what one turn leaves over comes back. Confined to its lane's thread, once open.
 */
abstract class Door implements EpollIoHandle {
    /** Clients or datagrams taken in one turn. */
    static final int PER_TURN = 64;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    final Lane lane;
    final EndpointPlan plan;
    final LinuxSocket socket;
    private @Nullable IoRegistration registration;
    private boolean complained;

    Door(Lane lane, EndpointPlan plan, LinuxSocket socket) {
        this.lane = lane;
        this.plan = plan;
        this.socket = socket;
    }

    /** Binds the socket and takes who comes; the port is the kernel's when it was 0. */
    abstract InetSocketAddress open(InetSocketAddress at) throws IOException;

    /** Takes up to {@value #PER_TURN} clients or datagrams. */
    abstract void take() throws IOException;

    /** Connections open now. */
    abstract int connections();

    /** Connections taken, or datagrams. */
    abstract long taken();

    /** Listens no more and resets what is open; tells how many connections that were. */
    abstract int drop();

    final void bind(InetSocketAddress at) throws IOException {
        socket.setReuseAddress(true);
        // Only where our own doors share it: a stranger on the same port is to be an error.
        socket.setReusePort(plan.doors() > 1);
        socket.bind(at);
    }

    final void watch() throws IOException {
        registration = lane.register(this, Interest.LEVEL_IN);
    }

    final void shut() {
        try {
            socket.close();
        } catch (IOException gone) {
            // The descriptor is given back all the same.
        }
        if (registration != null) {
            registration.cancel();
        }
    }

    @Override
    public final FileDescriptor fd() {
        return socket;
    }

    @Override
    public final void handle(IoRegistration own, IoEvent event) {
        try {
            take();
        } catch (IOException | RuntimeException problem) {
            complain(problem);
            // Such as no descriptor left: without a pause the loop would spin on a client it cannot take.
            own.submit(Interest.QUIET);
            lane.after(PAUSE_NANOS, this::resume);
        }
    }

    @Override
    public final void close() {
        drop();
    }

    private void resume() {
        if (socket.isOpen() && registration != null) {
            registration.submit(Interest.LEVEL_IN);
        }
    }

    private void complain(Exception problem) {
        if (!complained) {
            complained = true;
            System.err
                    .println("endpoint " + socket.localAddress() + " pauses 10 ms at each of: " + problem.getMessage());
        }
    }
}
