package dev.fairlead.transport.epoll;

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
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The data path over epoll, with handles of our own. */
public final class EpollDataPath implements DataPath {
    private final boolean filters = SourceFilterProgram.possible();
    private final MultiThreadIoEventLoopGroup group;
    private final List<EpollLoop> loops;
    private final Tuning tuning;
    // What the loops' memory lives in; released when they have ended.
    private final Arena arena = Arena.ofShared();

    /**
     * Starts the loops.
     *
     * @param loopCount at least 1
     * @throws UnsupportedOperationException where it is {@link #unavailable}
     */
    public EpollDataPath(int loopCount) {
        this(loopCount, Pipes.USUAL);
    }

    /**
     * Starts the loops.
     *
     * @param loopCount at least 1
     * @param pipes each loop may have, two descriptors each; 0 = bulk flows are copied
     * @throws UnsupportedOperationException where it is {@link #unavailable}
     */
    public EpollDataPath(int loopCount, int pipes) {
        unavailable().ifPresent(why -> {
            throw new UnsupportedOperationException("epoll: " + why);
        });
        tuning = Tuning.withPipes(pipes);
        Handlers handlers = new Handlers();
        group = new MultiThreadIoEventLoopGroup(loopCount, new DefaultThreadFactory("fairlead-loop", true), handlers);
        List<EpollLoop> made = new ArrayList<>();
        for (EventExecutor executor : group) {
            made.add(new EpollLoop(made.size(), (EventLoop) executor, handlers.of(executor), arena, tuning));
        }
        loops = List.copyOf(made);
    }

    /** Why it cannot be used on this machine; empty where it can. */
    public static Optional<String> unavailable() {
        return Kernel.unavailable().or(
                () -> Epoll.isAvailable() ? Optional.empty() : Optional.of(Epoll.unavailabilityCause().toString()));
    }

    @Override
    public String name() {
        return "handles/epoll";
    }

    @Override
    public List<Loop> loops() {
        return List.copyOf(loops);
    }

    @Override
    public int spareDescriptors() {
        return loops.size() * tuning.pipes() * 2;
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
        EpollDoor door = new EpollDoor(socket.fd(), socket.address(), acceptor, loops);
        door.start();
        return door;
    }

    @Override
    public boolean filters() {
        return filters;
    }

    @Override
    public DatagramDoor openDatagrams(DoorPlace place, DatagramAcceptor acceptor) throws OpenFailure {
        return SocketDoor.open(place, acceptor, loops.stream().map(EpollLoop::datagrams).toList());
    }

    @Override
    public DatagramDoor adoptDatagrams(List<Integer> descriptors, IpPort address, DatagramAcceptor acceptor) {
        return SocketDoor.adopt(descriptors, address, acceptor, loops.stream().map(EpollLoop::datagrams).toList());
    }

    @Override
    public long datagramsLost() {
        return loops.stream().mapToLong(loop -> loop.datagrams().lost().sum()).sum();
    }

    @Override
    public Dial dial(Loop loop, IpPort endpoint, @Nullable InetAddress source, Duration timeout, KeepAlive keepAlive,
            Consumer<DialOutcome> outcome) {
        EpollLoop here = (EpollLoop) loop;
        Kernel kernel = here.kernel();
        int fd = kernel.socket(endpoint.family());
        if (fd >= 0) {
            // The last step of the handshake travels with the request, see EpollRelay.start.
            kernel.setOption(fd, Kernel.IPPROTO_TCP, Kernel.TCP_QUICKACK, 0);
            if (source != null) {
                kernel.assume(fd, source);
            }
        }
        int result = fd < 0 ? fd : kernel.connect(fd, endpoint);
        if (result < 0 && result != -Errno.EINPROGRESS) {
            if (fd >= 0) {
                kernel.close(fd);
            }
            return never(here, outcome, -result);
        }
        EpollConnection upstream = new EpollConnection(here, fd, endpoint, null);
        try {
            upstream.register(Interest.ALL);
        } catch (RuntimeException noRoom) {
            upstream.reset();
            return never(here, outcome, Errno.ENOMEM);
        }
        upstream.keepAlive(keepAlive);
        EpollDial dial = new EpollDial(outcome, upstream, System.nanoTime() + timeout.toNanos());
        upstream.dialling(dial);
        here.slowOnes().add(dial);
        return dial;
    }

    /** An attempt that has failed already; its outcome comes later, as the caller expects. */
    private static Dial never(EpollLoop loop, Consumer<DialOutcome> outcome, int errno) {
        boolean[] cancelled = new boolean[1];
        DialOutcome result = Errno.dialOutcome(errno);
        loop.execute(() -> {
            if (!cancelled[0]) {
                outcome.accept(result);
            }
        });
        return () -> cancelled[0] = true;
    }

    @Override
    public Relay relay(Connection downstream, Connection upstream, byte[] preface, RelayCallback callback) {
        EpollLoop loop = (EpollLoop) downstream.loop();
        EpollConnection client = (EpollConnection) downstream;
        EpollConnection endpoint = (EpollConnection) upstream;
        EpollRelay relay = new EpollRelay(loop, client, endpoint, preface, callback);
        client.attach(relay);
        // Not now: the callback must not come before the caller has the relay in hand.
        if (!endpoint.attach(relay)) {
            loop.execute(relay::start);
        }
        return relay;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        if (arena.scope().isAlive()) {
            loops.forEach(loop -> loop.pipes().close());
            arena.close();
        }
    }

    /** Netty's epoll handlers, and which event loop has which. */
    private static final class Handlers implements IoHandlerFactory {
        private final IoHandlerFactory factory = EpollIoHandler.newFactory();
        private final IdentityHashMap<ThreadAwareExecutor, EpollBatches> made = new IdentityHashMap<>();

        @Override
        public IoHandler newHandler(ThreadAwareExecutor executor) {
            EpollBatches handler = new EpollBatches(factory.newHandler(executor));
            made.put(executor, handler);
            return handler;
        }

        @Override
        public boolean isChangingThreadSupported() {
            return factory.isChangingThreadSupported();
        }

        EpollBatches of(EventExecutor executor) {
            EpollBatches handler = made.get((ThreadAwareExecutor) executor);
            if (handler == null) {
                throw new IllegalStateException("an event loop without its handler");
            }
            return handler;
        }
    }
}
