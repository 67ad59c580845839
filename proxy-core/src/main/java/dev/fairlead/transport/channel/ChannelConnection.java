package dev.fairlead.transport.channel;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.Preface;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One channel. It is its own and only handler. Until it is relayed, what Netty reads unasked (epoll reads once when the
 * peer sends a FIN) is kept, at most one read's worth.
 */
final class ChannelConnection extends ChannelInboundHandlerAdapter implements Connection {
    /** Who takes what a relayed channel reports. */
    interface Sink {
        void read(ByteBuf bytes);

        void readComplete();

        void fin();

        void broken(Cause cause);

        void writable();
    }

    private final Loop loop;
    private final SocketChannel channel;
    private final ChannelOption<Integer> keepAliveIdle;
    private final Deque<ByteBuf> early = new ArrayDeque<>(1);
    private boolean earlyFin;
    private @Nullable Cause earlyBreak;
    private @Nullable Runnable onReset;
    private @Nullable Preface preface;
    private @Nullable Sink sink;

    ChannelConnection(Loop loop, SocketChannel channel, ChannelOption<Integer> keepAliveIdle) {
        this.loop = loop;
        this.channel = channel;
        this.keepAliveIdle = keepAliveIdle;
    }

    SocketChannel channel() {
        return channel;
    }

    /** Hands everything over that comes from now on, and what came early. */
    void attach(Sink newSink) {
        assert loop.inLoop();
        sink = newSink;
        onReset = null;
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            newSink.read(bytes);
        }
        if (earlyFin) {
            newSink.fin();
        } else {
            newSink.readComplete(); // begins to read
        }
        if (earlyBreak != null) {
            newSink.broken(earlyBreak);
        }
    }

    /** Closes in order; what was written before has been handed to the kernel. */
    void close() {
        sink = null;
        channel.close();
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public IpPort peer() {
        InetSocketAddress address = channel.remoteAddress();
        // The peer may have gone before anybody asked.
        return address == null ? new IpPort(channel.localAddress().getAddress(), 0) : IpPort.of(address);
    }

    @Override
    public IpPort local() {
        return IpPort.of(channel.localAddress());
    }

    @Override
    public void onClosed(Runnable task) {
        channel.closeFuture().addListener(_ -> task.run());
    }

    @Override
    public void keepAlive(KeepAlive keepAlive) {
        switch (keepAlive) {
            case KeepAlive.Off() -> channel.config().setKeepAlive(false);
            case KeepAlive.On(var idle) -> {
                channel.config().setKeepAlive(true);
                channel.config().setOption(keepAliveIdle, (int) idle.toSeconds());
            }
        }
    }

    @Override
    public void reset() {
        assert loop.inLoop();
        sink = null;
        onReset = null;
        preface = null;
        releaseEarly();
        if (channel.isOpen()) {
            try {
                channel.config().setSoLinger(0); // makes close send a reset
            } catch (ChannelException peerWasFaster) {
                // A connection that its peer has reset takes no options any more on some systems.
            }
            channel.close();
        }
    }

    @Override
    public void onReset(Runnable task) {
        assert loop.inLoop();
        onReset = task;
        if (earlyBreak != null) {
            loop.execute(this::runOnReset);
        }
    }

    private void runOnReset() {
        Runnable task = onReset;
        onReset = null;
        if (task != null) {
            task.run();
        }
    }

    @Override
    public void readPreface(Preface reader) {
        assert loop.inLoop();
        preface = reader;
        lookForPreface();
    }

    /** Looks at what was read so far, and reads more where that is not all. */
    private void lookForPreface() {
        Preface reader = preface;
        if (reader == null) {
            return;
        }
        int length = early.isEmpty() ? Preface.GOES_ON : reader.length(bytesSoFar());
        if (length != Preface.GOES_ON) {
            preface = null;
            dropEarly(length);
            reader.read();
        } else if (earlyFin) {
            preface = null;
            reader.cutShort();
        } else {
            channel.read();
        }
    }

    private byte[] bytesSoFar() {
        byte[] all = new byte[early.stream().mapToInt(ByteBuf::readableBytes).sum()];
        int end = 0;
        for (ByteBuf bytes : early) {
            int count = bytes.readableBytes();
            bytes.getBytes(bytes.readerIndex(), all, end, count);
            end += count;
        }
        return all;
    }

    private void dropEarly(int count) {
        int left = count;
        for (ByteBuf first = early.peek(); left > 0 && first != null; first = early.peek()) {
            int here = Math.min(left, first.readableBytes());
            first.skipBytes(here);
            left -= here;
            if (!first.isReadable()) {
                early.remove().release();
            }
        }
    }

    private void releaseEarly() {
        for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
            bytes.release();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (sink != null) {
            sink.read(bytes);
        } else if (channel.isOpen()) {
            early.add(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (sink != null) {
            sink.readComplete();
        } else {
            lookForPreface();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (sink != null && channel.isWritable()) {
            sink.writable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            return;
        }
        if (sink != null) {
            sink.fin();
        } else {
            earlyFin = true;
            lookForPreface();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        broken(KernelWords.breakage(failure));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        // Ours are closed with the sink taken away first; any other closing is a breakage.
        broken(Cause.RESET);
        releaseEarly();
    }

    private void broken(Cause cause) {
        if (sink != null) {
            sink.broken(cause);
        } else if (earlyBreak == null) {
            earlyBreak = cause;
            runOnReset();
        }
    }
}
