package dev.fairlead.transport.uring;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Dial;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.Door;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.Relay;
import dev.fairlead.transport.RelayCallback;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.Buffer;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.CleanableDirectBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The data path over io_uring. */
public final class UringDataPath implements DataPath {
    private static final int BACKLOG = 4096; // the kernel caps it at net.core.somaxconn
    private static final int RING_SIZE = 1024;

    private static final int SOCK_STREAM_NONBLOCK_CLOEXEC = 0x80801;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;

    private final MultiThreadIoEventLoopGroup group;
    private final List<UringLoop> loops;
    private final AtomicInteger doors = new AtomicInteger();

    /**
     * Starts the loops.
     *
     * @param loopCount at least 1
     * @throws IllegalStateException where it is {@link #unavailable}
     */
    public UringDataPath(int loopCount) {
        unavailable().ifPresent(why -> {
            throw new IllegalStateException("io_uring: " + why + " (expected: a machine that has it)");
        });
        Rings rings = new Rings();
        this.group = new MultiThreadIoEventLoopGroup(loopCount, new DefaultThreadFactory("fairlead-loop", true),
                rings);
        List<UringLoop> made = new ArrayList<>();
        for (EventExecutor executor : group) {
            made.add(new UringLoop(made.size(), (EventLoop) executor, rings.of(executor)));
        }
        this.loops = List.copyOf(made);
    }

    /** Why it cannot be used on this machine; empty where it can. */
    public static Optional<String> unavailable() {
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
    public Door open(IpPort address, Acceptor acceptor) throws OpenFailure {
        int fd = Kernel.socket(SocketAddresses.domain(address.family()), SOCK_STREAM_NONBLOCK_CLOEXEC);
        if (fd < 0) {
            throw Errno.openFailure(address, -fd);
        }
        IpPort bound;
        try {
            bound = bind(fd, address);
        } catch (OpenFailure failure) {
            Kernel.close(fd);
            throw failure;
        }
        UringLoop loop = loops.get(Math.floorMod(doors.getAndIncrement(), loops.size()));
        UringDoor door = new UringDoor(loop, loops, fd, bound, acceptor);
        CompletableFuture.runAsync(door::start, loop).join();
        return door;
    }

    private static IpPort bind(int fd, IpPort address) throws OpenFailure {
        Kernel.option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        Kernel.option(fd, IPPROTO_TCP, TCP_NODELAY, 1); // accepted connections inherit it
        CleanableDirectBuffer memory = Buffer.allocateDirectBufferWithNativeOrder(SocketAddresses.SIZE + 4);
        try {
            long where = Buffer.memoryAddress(memory.buffer());
            int length = SocketAddresses.write(address, memory.buffer());
            int result = Kernel.bind(fd, where, length);
            if (result == 0) {
                result = Kernel.listen(fd, BACKLOG);
            }
            if (result == 0 && address.port() == 0) {
                memory.buffer().putInt(SocketAddresses.SIZE, SocketAddresses.SIZE);
                result = Kernel.name(fd, where, where + SocketAddresses.SIZE);
            }
            if (result < 0) {
                throw Errno.openFailure(address, -result);
            }
            return SocketAddresses.read(memory.buffer());
        } finally {
            memory.clean();
        }
    }

    @Override
    public Dial dial(Loop loop, IpPort endpoint, Duration timeout, KeepAlive keepAlive,
            Consumer<DialOutcome> outcome) {
        UringLoop here = (UringLoop) loop;
        long deadline = System.nanoTime() + timeout.toNanos();
        int fd = Kernel.socket(SocketAddresses.domain(endpoint.family()), SOCK_STREAM_NONBLOCK_CLOEXEC);
        if (fd < 0) {
            UringDial never = new UringDial(outcome, null, deadline);
            loop.execute(() -> never.deliver(new DialOutcome.Starved(Errno.word(-fd))));
            return never;
        }
        Kernel.option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        UringConnection upstream;
        try {
            upstream = new UringConnection(here, fd, endpoint, null);
        } catch (IllegalStateException ends) {
            Kernel.close(fd);
            throw ends;
        }
        upstream.keepAlive(keepAlive);
        UringDial dial = new UringDial(outcome, upstream, deadline);
        upstream.connect(dial);
        here.slowOnes().add(dial);
        return dial;
    }

    @Override
    public Relay relay(Connection downstream, Connection upstream, RelayCallback callback) {
        UringRelay relay = new UringRelay((UringLoop) downstream.loop(), (UringConnection) downstream,
                (UringConnection) upstream, callback);
        relay.start();
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
                .newFactory(new IoUringIoHandlerConfig().setRingSize(RING_SIZE));
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
