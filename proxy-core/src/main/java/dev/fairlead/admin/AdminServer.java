package dev.fairlead.admin;

import dev.fairlead.model.IpPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The admin address: nouns to GET over HTTP/1.1, served by one thread of its own, so that a scrape never delays a
 * connection. It changes nothing and asks nobody who they are: meant for loopback or a network of friends.
 */
public final class AdminServer implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 64;
    private static final int MOST_BODY_BYTES = 64 * 1024;
    private static final int IDLE_SECONDS = 30;

    private final EventLoopGroup group;
    private final Channel door;
    private int connections;

    private AdminServer(IpPort address, Pages pages, Liveness liveness) throws AdminBindFailure {
        ThreadFactory threads = task -> Thread.ofPlatform().name("fairlead-admin").daemon().unstarted(task);
        group = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
        ServerBootstrap bootstrap = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false).childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        welcome(client, pages);
                    }
                });
        ChannelFuture bound = bootstrap.bind(address.socketAddress()).awaitUninterruptibly();
        door = bound.channel();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw bindFailure(address, Optional.ofNullable(bound.cause()));
        }
        var _ = group.scheduleAtFixedRate(liveness::beat, 0, 1, TimeUnit.SECONDS);
    }

    /**
     * Opens the admin address.
     *
     * @param address the port may be 0: any free one
     * @throws AdminBindFailure when the kernel will not
     */
    public static AdminServer open(IpPort address, Observed observed) throws AdminBindFailure {
        return new AdminServer(address, new Pages(observed), observed.liveness());
    }

    /** What it is bound to; the port is the real one also where any free one was asked for. */
    public IpPort address() {
        return IpPort.of((InetSocketAddress) door.localAddress());
    }

    /** Ends all of its connections and its thread. Idempotent. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    // Everything runs on the one admin thread, so a plain number counts.
    private void welcome(Channel client, Pages pages) {
        connections++;
        client.closeFuture().addListener(_ -> connections--);
        if (connections > MOST_CONNECTIONS) {
            client.close();
            return;
        }
        client.pipeline().addLast(new IdleStateHandler(true, 0, 0, IDLE_SECONDS, TimeUnit.SECONDS),
                new HttpServerCodec(), new HttpObjectAggregator(MOST_BODY_BYTES),
                new AdminHandler(pages));
    }

    private static AdminBindFailure bindFailure(IpPort address, Optional<Throwable> cause) {
        String why = cause.map(Throwable::getMessage).orElse("unknown");
        Throwable reason = cause.orElseGet(() -> new IllegalStateException("bind failed without a cause"));
        return new AdminBindFailure("admin address " + address + ": " + why
                + " (expected: a free address of this machine) - give another one with 'admin: ip:port', or turn it"
                + " off with 'admin: off'", reason);
    }
}
