package dev.fairlead.transport.channel;

import dev.fairlead.transport.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;

/**
 * One direction. Reads only while the other side is writable, so that what is held is bounded by the high water mark
 * and one read; writes are flushed once per read. The FIN travels as the last write: it is passed on when everything
 * before it has been handed to the kernel.
 */
final class HalfRelay {
    private enum State {
        FLOWING, BLOCKED, FINISHING, DONE, BROKEN
    }

    private final ChannelRelay relay;
    private final Direction direction;
    private final ChannelConnection source;
    private final ChannelConnection sink;
    private final ChannelFutureListener written = this::written;
    private State state = State.FLOWING;
    private long bytes;

    HalfRelay(ChannelRelay relay, Direction direction, ChannelConnection source, ChannelConnection sink) {
        this.relay = relay;
        this.direction = direction;
        this.source = source;
        this.sink = sink;
    }

    Direction direction() {
        return direction;
    }

    long bytes() {
        return bytes;
    }

    /** Only once drained: Netty drops what is still queued. */
    void passFin() {
        sink.channel().shutdownOutput();
    }

    boolean done() {
        return state == State.DONE;
    }

    /** Whether more may still come out of the source and reach the sink without waiting for anybody. */
    boolean drainable() {
        return state == State.FLOWING || state == State.FINISHING;
    }

    /** Bytes of our own, before any of the source's; the next flush sends them. */
    void begin(byte[] preface) {
        sink.channel().write(Unpooled.wrappedBuffer(preface)).addListener(written);
    }

    void read(ByteBuf data) {
        if (state == State.BROKEN) {
            data.release();
            return;
        }
        bytes += data.readableBytes();
        sink.channel().write(data).addListener(written);
    }

    void readComplete() {
        sink.channel().flush();
        if (state != State.FLOWING) {
            return;
        }
        if (sink.channel().isWritable()) {
            source.channel().read();
        } else {
            state = State.BLOCKED;
        }
    }

    void writable() {
        if (state == State.BLOCKED) {
            state = State.FLOWING;
            source.channel().read();
        }
    }

    void fin() {
        if (state != State.FLOWING && state != State.BLOCKED) {
            return;
        }
        state = State.FINISHING;
        sink.channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFuture last) -> {
            if (!last.isSuccess()) {
                written(last);
                return;
            }
            if (state == State.FINISHING) {
                state = State.DONE;
                relay.drained(this);
            }
        });
    }

    private void written(ChannelFuture write) {
        if (!write.isSuccess() && state != State.BROKEN) {
            state = State.BROKEN;
            relay.writeFailed(this, KernelWords.breakage(write.cause()));
        }
    }
}
