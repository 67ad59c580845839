package dev.fairlead.transport.uring;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.DatagramAcceptor;
import dev.fairlead.transport.DatagramDoor;
import dev.fairlead.transport.Dial;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.DoorPlace;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.Relay;
import dev.fairlead.transport.RelayCallback;
import dev.fairlead.transport.Splices;
import dev.fairlead.transport.datagram.SocketDoor;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.ListeningSocket;
import dev.fairlead.transport.linux.SourceFilterProgram;
import dev.fairlead.transport.linux.Pipes;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The data path over io_uring. */
public final class UringDataPath implements DataPath {
    private static final int RING_SIZE = 1024;
    // So many connections can have something to say at once without the kernel putting it aside.
    private static final int COMPLETIONS = 8 * 1024;

    private final boolean filters = SourceFilterProgram.possible();
    private final MultiThreadIoEventLoopGroup group;
    private final List<UringLoop> loops;
    private final int pipes;
    private final AtomicInteger doors = new AtomicInteger();

    /**
     * Starts the loops.
     *
     * @param loopCount at least 1
     * @throws UnsupportedOperationException where it is {@link #unavailable}
     */
    public UringDataPath(int loopCount) {
        this(loopCount, Pipes.USUAL);
    }

    /**
     * Starts the loops.
     *
     * @param loopCount at least 1
     * @param pipes each loop may have, two descriptors each; 0 = bulk flows are copied
     * @throws IllegalStateException where it is {@link #unavailable}
     */
    public UringDataPath(int loopCount, int pipes) {
        unavailable().ifPresent(why -> {
            throw new UnsupportedOperationException("io_uring: " + why);
        });
        this.pipes = pipes;
        Rings rings = new Rings();
        this.group = new MultiThreadIoEventLoopGroup(loopCount, new DefaultThreadFactory("fairlead-loop", true),
                rings);
        List<UringLoop> made = new ArrayList<>();
        for (EventExecutor executor : group) {
            made.add(new UringLoop(made.size(), (EventLoop) executor, rings.of(executor), pipes));
        }
        this.loops = List.copyOf(made);
    }

    /** Why it cannot be used on this machine; empty where it can. */
    public static Optional<String> unavailable() {
        Optional<String> noKernel = Kernel.unavailable();
        if (noKernel.isPresent()) {
            return noKernel;
        }
        if (!IoUring.isAvailable()) {
            try {
                IoUring.ensureAvailability();
            } catch (UnsatisfiedLinkError why) {
                Throwable cause = why.getCause() == null ? why : why.getCause();
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
        // Cancelling all requests of a descriptor came with the same kernel as this did, 5.19.
        return IoUring.isAcceptMultishotEnabled() ? Optional.empty() : Optional.of("it needs Linux 5.19 or later");
    }

    @Override
    public String name() {
        return "handles/io_uring";
    }

    @Override
    public List<Loop> loops() {
        return List.copyOf(loops);
    }

    @Override
    public int spareDescriptors() {
        return loops.size() * pipes * 2;
    }

    @Override
    public boolean showsDescriptors() {
        return true;
    }

    @Override
    public Splices splices() {
        return loops.stream().map(loop -> loop.pipes().splices()).reduce(Splices.NONE, Splices::plus);
    }

    @Override
    public boolean assumesAddresses() {
        return true;
    }

    @Override
    public Door open(DoorPlace place, SourceFilter filter, Acceptor acceptor) throws OpenFailure {
        return open(ListeningSocket.open(place, filter), acceptor);
    }

    @Override
    public Door adopt(int descriptor, IpPort address, SourceFilter filter, Acceptor acceptor) throws OpenFailure {
        return open(ListeningSocket.adopt(descriptor, address, filter), acceptor);
    }

    private Door open(ListeningSocket socket, Acceptor acceptor) {
        UringLoop loop = loops.get(Math.floorMod(doors.getAndIncrement(), loops.size()));
        UringDoor door = new UringDoor(loop, loops, socket.fd(), socket.address(), acceptor);
        try {
            CompletableFuture.runAsync(door::start, loop).join();
        } catch (CompletionException | RejectedExecutionException ended) {
            new Kernel().close(socket.fd());
            throw ended;
        }
        return door;
    }

    @Override
    public boolean filters() {
        return filters;
    }

    @Override
    public DatagramDoor openDatagrams(DoorPlace place, DatagramAcceptor acceptor) throws OpenFailure {
        return SocketDoor.open(place, acceptor, loops.stream().map(UringLoop::datagrams).toList());
    }

    @Override
    public DatagramDoor adoptDatagrams(List<Integer> descriptors, IpPort address, DatagramAcceptor acceptor) {
        return SocketDoor.adopt(descriptors, address, acceptor, loops.stream().map(UringLoop::datagrams).toList());
    }

    @Override
    public long datagramsLost() {
        return loops.stream().mapToLong(loop -> loop.datagrams().lost().sum()).sum();
    }

    @Override
    public Dial dial(Loop loop, IpPort endpoint, @Nullable InetAddress source, Duration timeout, KeepAlive keepAlive,
            Consumer<DialOutcome> outcome) {
        UringLoop here = (UringLoop) loop;
        Kernel kernel = here.kernel();
        long deadline = System.nanoTime() + timeout.toNanos();
        int fd = kernel.socket(endpoint.family());
        if (fd < 0) {
            UringDial never = new UringDial(outcome, null, deadline);
            loop.execute(() -> never.deliver(new DialOutcome.Starved(Errno.word(-fd))));
            return never;
        }
        if (source != null) {
            kernel.assume(fd, source);
        }
        if (here.newcomerSpoke()) {
            // The last step of the handshake travels with the first bytes, which follow at once. Where there are none yet
            // it must not wait for them: an endpoint that speaks first would wait as well.
            kernel.setOption(fd, Kernel.IPPROTO_TCP, Kernel.TCP_QUICKACK, 0);
        }
        UringConnection upstream;
        try {
            upstream = new UringConnection(here, fd, endpoint, null);
        } catch (IllegalStateException ends) {
            kernel.close(fd);
            throw ends;
        }
        upstream.keepAlive(keepAlive);
        UringDial dial = new UringDial(outcome, upstream, deadline);
        upstream.connect(dial);
        here.slowOnes().add(dial);
        return dial;
    }

    @Override
    public Relay relay(Connection downstream, Connection upstream, byte[] preface, RelayCallback callback) {
        UringRelay relay = new UringRelay((UringLoop) downstream.loop(), (UringConnection) downstream,
                (UringConnection) upstream, callback);
        relay.start(preface);
        return relay;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        loops.forEach(UringLoop::sweepUp);
    }

    /** Netty's rings, and which event loop has which. */
    private static final class Rings implements IoHandlerFactory {
        private final IoHandlerFactory factory = IoUringIoHandler
                .newFactory(new IoUringIoHandlerConfig().setRingSize(RING_SIZE).setCqSize(COMPLETIONS));
        private final IdentityHashMap<ThreadAwareExecutor, IoHandler> made = new IdentityHashMap<>();

        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            IoHandler ring = factory.newHandler(executor);
            made.put(executor, ring);
            return ring;
        }

        @Override
        public boolean isChangingThreadSupported() {
            return factory.isChangingThreadSupported();
        }

        IoHandler of(EventExecutor executor) {
            IoHandler ring = made.get((ThreadAwareExecutor) executor);
            if (ring == null) {
                throw new IllegalStateException("an event loop without a ring");
            }
            return ring;
        }
    }
}
