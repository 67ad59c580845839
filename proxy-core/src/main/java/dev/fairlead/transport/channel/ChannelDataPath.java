package dev.fairlead.transport.channel;

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
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The data path over Netty channels. */
public final class ChannelDataPath implements DataPath {
    // Bounds what one direction of one connection holds: this much unsent, and one read more.
    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(64 * 1024, 128 * 1024);
    private static final int LARGEST_READ = 256 * 1024;
    private static final int BACKLOG = 4096; // the kernel caps it at net.core.somaxconn

    private final ChannelKind kind;
    private final MultiThreadIoEventLoopGroup group;
    private final List<Loop> loops;
    private final LongAdder datagramsLost = new LongAdder();
    private final IdentityHashMap<EventLoop, Loop> byEventLoop = new IdentityHashMap<>();

    /**
     * Starts the loops.
     *
     * @param kind one that is not {@link ChannelKind#unavailable}
     * @param loopCount at least 1
     */
    public ChannelDataPath(ChannelKind kind, int loopCount) {
        this.kind = kind;
        // Loaded now: when descriptors run out, there may be none left to load it with.
        KernelWords.flowFailure(new IllegalStateException("Too many open files"));
        this.group = new MultiThreadIoEventLoopGroup(loopCount, new DefaultThreadFactory("fairlead-loop", true),
                kind.handlers());
        List<Loop> made = new ArrayList<>();
        for (EventExecutor executor : group) {
            EventLoop eventLoop = (EventLoop) executor;
            ChannelLoop loop = new ChannelLoop(made.size(), eventLoop);
            made.add(loop);
            byEventLoop.put(eventLoop, loop);
        }
        this.loops = List.copyOf(made);
    }

    @Override
    public String name() {
        return "channel/" + kind;
    }

    @Override
    public List<Loop> loops() {
        return loops;
    }

    @Override
    public boolean assumesAddresses() {
        return kind.assumesAddresses();
    }

    @Override
    public boolean showsDescriptors() {
        return kind == ChannelKind.EPOLL;
    }

    @Override
    public Door open(DoorPlace place, SourceFilter filter, Acceptor acceptor) throws OpenFailure {
        IpPort address = place.address();
        ServerBootstrap bootstrap = bootstrap(acceptor).channelFactory(() -> kind.newServerSocket(address.family()));
        if (place.foreign()) {
            kind.bindAnywhere().ifPresent(option -> bootstrap.option(option, true));
        }
        return door(address, bootstrap.bind(address.socketAddress()));
    }

    @Override
    public Door adopt(int descriptor, IpPort address, SourceFilter filter, Acceptor acceptor) throws OpenFailure {
        Optional<ServerSocketChannel> listening = kind.serverSocketOf(descriptor);
        return listening.isPresent()
                ? door(address, bootstrap(acceptor).channelFactory(listening::get).register())
                : open(address, filter, acceptor);
    }

    private ServerBootstrap bootstrap(Acceptor acceptor) {
        return new ServerBootstrap().group(group).option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG).handler(new ChannelDoor.Threshold(acceptor))
                .childOption(ChannelOption.AUTO_READ, false).childHandler(new Newcomer(acceptor));
    }

    private ChannelDoor door(IpPort address, ChannelFuture opening) throws OpenFailure {
        if (!opening.awaitUninterruptibly().isSuccess()) {
            throw KernelWords.openFailure(address, opening.cause());
        }
        ServerSocketChannel channel = (ServerSocketChannel) opening.channel();
        return new ChannelDoor(kind, IpPort.of(channel.localAddress()), channel);
    }

    /** Netty has no word for it between bind and listen, and the JDK none at all. */
    @Override
    public boolean filters() {
        return false;
    }

    @Override
    public DatagramDoor openDatagrams(DoorPlace place, DatagramAcceptor acceptor) throws OpenFailure {
        return ChannelDatagramDoor.open(kind, loops, place, acceptor, datagramsLost);
    }

    @Override
    public DatagramDoor adoptDatagrams(List<Integer> descriptors, IpPort address, DatagramAcceptor acceptor)
            throws OpenFailure {
        List<UdpSocket> bound = descriptors.stream().flatMap(one -> kind.udpSocketOf(one, false).stream()).toList();
        return bound.isEmpty()
                ? openDatagrams(address, acceptor)
                : ChannelDatagramDoor.adopt(kind, loops, bound, address, acceptor, datagramsLost);
    }

    @Override
    public long datagramsLost() {
        return datagramsLost.sum();
    }

    @Override
    public Dial dial(Loop loop, IpPort endpoint, @Nullable InetAddress source, Duration timeout, KeepAlive keepAlive,
            Consumer<DialOutcome> outcome) {
        EventLoop eventLoop = ((ChannelLoop) loop).eventLoop();
        SocketChannel channel;
        try {
            channel = kind.newSocket(endpoint.family());
        } catch (ChannelException failure) {
            ChannelDial never = new ChannelDial(outcome);
            loop.execute(() -> never.deliver(new DialOutcome.Starved(KernelWords.detail(failure))));
            return never;
        }
        configure(channel);
        // Rounded up: a timeout that fires a fraction early would leave the fraction for one attempt more.
        channel.config().setConnectTimeoutMillis((int) timeout.plusNanos(999_999).toMillis());
        ChannelConnection connection = new ChannelConnection(loop, channel, kind.keepAliveIdleSeconds());
        connection.keepAlive(keepAlive);
        channel.pipeline().addLast(connection);
        ChannelDial dial = new ChannelDial(outcome, connection);
        eventLoop.register(channel);
        kind.connect(channel, endpoint, source).addListener((ChannelFuture future) -> {
            DialOutcome result = future.isSuccess()
                    ? new DialOutcome.Connected(connection)
                    : KernelWords.dialFailure(future.cause());
            if (!future.isSuccess()) {
                channel.close();
            }
            if (dial.returned) {
                dial.deliver(result);
            } else {
                eventLoop.execute(() -> dial.deliver(result));
            }
        });
        dial.returned = true;
        return dial;
    }

    @Override
    public Relay relay(Connection downstream, Connection upstream, byte[] preface, RelayCallback callback) {
        ChannelRelay relay = new ChannelRelay(kind, (ChannelConnection) downstream, (ChannelConnection) upstream,
                callback);
        // Not now: the callback must not come before the caller has the relay in hand.
        downstream.loop().execute(() -> relay.start(preface));
        return relay;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private static void configure(Channel channel) {
        ChannelKind.configure(channel);
        channel.config().setWriteBufferWaterMark(UNSENT);
        channel.config().setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(512, 8192, LARGEST_READ));
    }

    /** An attempt to connect; confined to its loop. */
    private static final class ChannelDial implements Dial {
        private final Consumer<DialOutcome> outcome;
        private final List<ChannelConnection> connection;
        private boolean over;
        private boolean returned;

        ChannelDial(Consumer<DialOutcome> outcome, ChannelConnection... connection) {
            this.outcome = outcome;
            this.connection = List.of(connection);
        }

        void deliver(DialOutcome result) {
            if (!over) {
                over = true;
                outcome.accept(result);
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                over = true;
                connection.forEach(ChannelConnection::reset);
            }
        }
    }

    /** Turns an accepted channel into a connection, on the channel's own loop. */
    @io.netty.channel.ChannelHandler.Sharable
    private final class Newcomer extends ChannelInboundHandlerAdapter {
        private final Acceptor acceptor;

        Newcomer(Acceptor acceptor) {
            this.acceptor = acceptor;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            SocketChannel channel = (SocketChannel) context.channel();
            Loop loop = byEventLoop.get(channel.eventLoop());
            if (loop == null) {
                throw new IllegalStateException("event loop: " + channel.eventLoop() + " (expected: one of the group)");
            }
            configure(channel);
            ChannelConnection connection = new ChannelConnection(loop, channel, kind.keepAliveIdleSeconds());
            channel.pipeline().replace(this, "connection", connection);
            acceptor.accepted(connection);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // The client left between accept and here: nobody to tell.
            context.close();
        }
    }
}
