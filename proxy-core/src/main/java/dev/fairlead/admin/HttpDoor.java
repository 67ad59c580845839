package dev.fairlead.admin;

import dev.fairlead.model.IpPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One address that answers. Its clients are the admin thread's; the rest is for any thread. */
final class HttpDoor {
    private static final int MOST_BODY_BYTES = 64 * 1024;
    private static final int IDLE_SECONDS = 30;

    private final SocketAddress wanted;
    private final Site site;
    private final int mostConnections;
    private volatile Optional<ChannelFuture> bound = Optional.empty();
    private final ChannelGroup clients = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);

    HttpDoor(IpPort wanted, Site site, int mostConnections) {
        this(wanted.socketAddress(), site, mostConnections);
    }

    /** At a path: what is there must be gone, and its folder must be there. */
    HttpDoor(Path wanted, Site site, int mostConnections) {
        this(UnixDomainSocketAddress.of(wanted), site, mostConnections);
    }

    private HttpDoor(SocketAddress wanted, Site site, int mostConnections) {
        this.wanted = wanted;
        this.site = site;
        this.mostConnections = mostConnections;
    }

    /** Tries to open it; fails where the kernel will not. Not to be called again once it is open. */
    ChannelFuture bind(EventLoopGroup group) {
        ChannelFuture binding = new ServerBootstrap().group(group)
                .channel(own() ? NioServerDomainSocketChannel.class : NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false).childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        welcome(client);
                    }
                }).bind(wanted);
        bound = Optional.of(binding);
        return binding;
    }

    /** What was asked for, of one that is not at a path; the port may be 0. */
    IpPort wanted() {
        return IpPort.of((InetSocketAddress) wanted);
    }

    private boolean own() {
        return wanted instanceof UnixDomainSocketAddress;
    }

    /** What it is bound to, with the real port; empty while it is not open. */
    Optional<IpPort> address() {
        return bound.filter(ChannelFuture::isSuccess)
                .map(binding -> IpPort.of((InetSocketAddress) binding.channel().localAddress()));
    }

    /** Closes it, and whoever is connected. */
    void close() {
        bound.ifPresent(binding -> {
            binding.channel().close();
            clients.close();
        });
    }

    private void welcome(Channel client) {
        if (clients.size() >= mostConnections) {
            client.close();
            return;
        }
        clients.add(client);
        client.pipeline().addLast(new IdleStateHandler(true, 0, 0, IDLE_SECONDS, TimeUnit.SECONDS),
                new HttpServerCodec(), new HttpObjectAggregator(MOST_BODY_BYTES), new AdminHandler(site, own()));
    }
}
