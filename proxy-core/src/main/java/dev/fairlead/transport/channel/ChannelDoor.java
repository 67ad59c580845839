package dev.fairlead.transport.channel;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Door;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.util.OptionalInt;

/** A listening channel. */
record ChannelDoor(ChannelKind kind, IpPort address, ServerSocketChannel channel) implements Door {
    @Override
    public OptionalInt descriptor() {
        return channel instanceof UnixChannel unix ? OptionalInt.of(unix.fd().intValue()) : OptionalInt.empty();
    }

    @Override
    public void pause() {
        channel.config().setAutoRead(false);
    }

    @Override
    public void resume() {
        channel.config().setAutoRead(true);
    }

    @Override
    public void filter(SourceFilter filter) {
        // It takes everybody.
    }

    @Override
    public void close() {
        kind.close(channel);
    }

    /**
     * Counts who comes, before the next one is taken, and keeps Netty's own answer to a failed accept away (a second's
     * pause, and a warning each time): the door pauses itself and says so upstairs.
     */
    static final class Threshold extends ChannelInboundHandlerAdapter {
        private final Acceptor acceptor;

        Threshold(Acceptor acceptor) {
            this.acceptor = acceptor;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object newcomer) {
            acceptor.arriving();
            ((Channel) newcomer).closeFuture().addListener(_ -> acceptor.gone());
            context.fireChannelRead(newcomer);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.channel().config().setAutoRead(false);
            acceptor.starved(KernelWords.detail(cause));
        }
    }
}
