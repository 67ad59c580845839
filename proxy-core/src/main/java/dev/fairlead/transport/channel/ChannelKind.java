package dev.fairlead.transport.channel;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.linux.Kernel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** Which of Netty's channel implementations carries the bytes. */
public enum ChannelKind {
    /** Linux, through Netty's native library. */
    EPOLL("epoll") {
        @Override
        public Optional<String> unavailable() {
            return Epoll.isAvailable() ? Optional.empty() : Optional.of(Epoll.unavailabilityCause().toString());
        }

        @Override
        IoHandlerFactory handlers() {
            return PersistentEpoll.factory();
        }

        @Override
        SocketChannel newSocket(IpFamily family) {
            return new EpollSocketChannel(protocolFamily(family));
        }

        @Override
        ServerSocketChannel newServerSocket(IpFamily family) {
            return new EpollServerSocketChannel(protocolFamily(family));
        }

        @Override
        Optional<ServerSocketChannel> serverSocketOf(int descriptor) {
            return Optional.of(new EpollServerSocketChannel(descriptor));
        }

        @Override
        UdpSocket newUdpSocket(IpFamily family) {
            return new EpollUdpSocket(protocolFamily(family));
        }

        @Override
        Optional<UdpSocket> udpSocketOf(int descriptor, boolean connected) {
            return Optional.of(new EpollUdpSocket(descriptor, connected));
        }

        @Override
        boolean assumesAddresses() {
            return true;
        }

        @Override
        ChannelFuture connect(SocketChannel channel, IpPort endpoint, @Nullable InetAddress source) {
            if (source == null) {
                return channel.connect(endpoint.socketAddress());
            }
            try {
                channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
                channel.config().setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
            } catch (ChannelException notPermitted) {
                return channel.connect(endpoint.socketAddress());
            }
            return channel.connect(endpoint.socketAddress(), new InetSocketAddress(source, 0));
        }

        @Override
        ChannelOption<Integer> keepAliveIdleSeconds() {
            return EpollChannelOption.TCP_KEEPIDLE;
        }

        @Override
        Optional<ChannelOption<Boolean>> bindAnywhere() {
            return Optional.of(EpollChannelOption.IP_FREEBIND);
        }

        @Override
        boolean reset(SocketChannel channel) {
            return channel.isOpen() && ((EpollSocketChannel) channel).tcpInfo().state() == TCP_CLOSE;
        }

        @Override
        void close(Channel channel) {
            channel.close().syncUninterruptibly();
        }
    },
    /** Anywhere, through the JDK's selector. */
    NIO("nio") {
        @Override
        public Optional<String> unavailable() {
            return Optional.empty();
        }

        @Override
        IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        SocketChannel newSocket(IpFamily family) {
            return new NioSocketChannel(SelectorProvider.provider(), protocolFamily(family));
        }

        @Override
        ServerSocketChannel newServerSocket(IpFamily family) {
            NioServerSocketChannel channel = new NioServerSocketChannel(SelectorProvider.provider(),
                    protocolFamily(family));
            // One at a time: it shows a batch of connections only after accepting all of it, too late to pause for want of
            // descriptors.
            channel.config().setRecvByteBufAllocator(new ServerChannelRecvByteBufAllocator().maxMessagesPerRead(1));
            return channel;
        }

        @Override
        Optional<ServerSocketChannel> serverSocketOf(int descriptor) {
            new Kernel().close(descriptor);
            return Optional.empty();
        }

        @Override
        Optional<UdpSocket> udpSocketOf(int descriptor, boolean connected) {
            new Kernel().close(descriptor);
            return Optional.empty();
        }

        @Override
        UdpSocket newUdpSocket(IpFamily family) throws IOException {
            return new NioUdpSocket(protocolFamily(family).toJdkFamily());
        }

        @Override
        ChannelOption<Integer> keepAliveIdleSeconds() {
            return NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
        }

        @Override
        Optional<ChannelOption<Boolean>> bindAnywhere() {
            return Optional.empty();
        }

        @Override
        boolean reset(SocketChannel channel) {
            return false;
        }

        @Override
        void close(Channel channel) {
            channel.close().syncUninterruptibly();
            // The JDK keeps the socket until the selector has looked once more: a timer makes it look.
            channel.eventLoop().schedule(() -> {
            }, 2, TimeUnit.MILLISECONDS).syncUninterruptibly();
        }
    };

    private static final int TCP_CLOSE = 7; // include/net/tcp_states.h

    private final String word;

    ChannelKind(String word) {
        this.word = word;
    }

    /** Why it cannot be used on this machine; empty where it can. */
    public abstract Optional<String> unavailable();

    abstract IoHandlerFactory handlers();

    abstract SocketChannel newSocket(IpFamily family);

    abstract ServerSocketChannel newServerSocket(IpFamily family);

    /** A channel of a socket that listens already, which it takes over; empty where it cannot: then it is closed. */
    abstract Optional<ServerSocketChannel> serverSocketOf(int descriptor);

    abstract UdpSocket newUdpSocket(IpFamily family) throws IOException;

    /**
     * One that another process has bound or connected, which it takes over; empty where it cannot: then it is closed.
     */
    abstract Optional<UdpSocket> udpSocketOf(int descriptor, boolean connected);

    /** Whether a channel can carry somebody else's address. */
    boolean assumesAddresses() {
        return false;
    }

    /** @param source whose address the connection carries, where that can be had; null = this node's */
    ChannelFuture connect(SocketChannel channel, IpPort endpoint, @Nullable InetAddress source) {
        return channel.connect(endpoint.socketAddress());
    }

    abstract ChannelOption<Integer> keepAliveIdleSeconds();

    /** Lets a socket bind to an address that is not this machine's; empty where the system cannot be told. */
    abstract Optional<ChannelOption<Boolean>> bindAnywhere();

    /**
     * Whether the kernel has closed a connection that waits for our FIN: it was reset. False where it cannot be asked.
     */
    abstract boolean reset(SocketChannel channel);

    /** Closes a door's channel; returns when the kernel refuses its clients. */
    abstract void close(Channel channel);

    private static SocketProtocolFamily protocolFamily(IpFamily family) {
        return switch (family) {
            case IPV4 -> SocketProtocolFamily.INET;
            case IPV6 -> SocketProtocolFamily.INET6;
        };
    }

    /** The configuration's word. */
    @Override
    public String toString() {
        return word;
    }

    /** How every connection is set up, whichever side opened it. */
    static void configure(Channel channel) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.AUTO_READ, false);
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        // A failed write must not close the channel: what the peer sent before it went is still to be delivered.
        channel.config().setOption(ChannelOption.AUTO_CLOSE, false);
    }
}
