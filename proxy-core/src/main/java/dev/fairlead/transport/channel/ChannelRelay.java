package dev.fairlead.transport.channel;

import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.Relay;
import dev.fairlead.transport.RelayCallback;
import dev.fairlead.transport.RelayEnd;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Two halves of the same kind and what becomes of them together. Ends once both directions are done, or when one side
 * breaks. A side that can no longer be written to is read to its end first: an endpoint that answers and closes while
 * the client still sends is heard.
 */
final class ChannelRelay implements Relay {
    private final ChannelKind kind;
    private final ChannelConnection downstream;
    private final ChannelConnection upstream;
    private final RelayCallback callback;
    private final HalfRelay up;
    private final HalfRelay down;
    private @Nullable RelayEnd pendingEnd;
    private boolean finSeen;
    private Side firstFin = Side.CLIENT;
    private boolean ended;

    ChannelRelay(ChannelKind kind, ChannelConnection downstream, ChannelConnection upstream, RelayCallback callback) {
        this.kind = kind;
        this.downstream = downstream;
        this.upstream = upstream;
        this.callback = callback;
        this.up = new HalfRelay(this, Direction.UP, downstream, upstream);
        this.down = new HalfRelay(this, Direction.DOWN, upstream, downstream);
    }

    void start(byte[] preface) {
        if (preface.length > 0 && !ended) {
            up.begin(preface);
        }
        downstream.attach(new EndSink(up, down, Side.CLIENT));
        if (!ended) {
            upstream.attach(new EndSink(down, up, Side.UPSTREAM));
        }
    }

    @Override
    public long bytes(Direction direction) {
        return switch (direction) {
            case UP -> up.bytes();
            case DOWN -> down.bytes();
        };
    }

    @Override
    public void reset() {
        if (!ended) {
            ended = true;
            downstream.reset();
            upstream.reset();
        }
    }

    /**
     * Looks only at a side whose FIN was read and to which none was passed on yet: any other side is still being read
     * from, or has closed in order, which looks the same.
     */
    @Override
    public void probe() {
        if (down.done() && !up.done() && kind.reset(upstream.channel())) {
            broken(Side.UPSTREAM, Cause.RESET);
        } else if (up.done() && !down.done() && kind.reset(downstream.channel())) {
            broken(Side.CLIENT, Cause.RESET);
        }
    }

    /** A half has delivered everything before the FIN it read. */
    void drained(HalfRelay half) {
        if (ended) {
            return;
        }
        if (pendingEnd != null) {
            end(pendingEnd);
            return;
        }
        half.passFin();
        callback.halfClosed(half.direction());
        if (ended || !up.done() || !down.done()) {
            return;
        }
        ended = true;
        downstream.close();
        upstream.close();
        callback.ended(new RelayEnd(firstFin, Cause.FIN));
    }

    /** A half cannot write any more; the side it writes to is gone but for what it sent before. */
    void writeFailed(HalfRelay half, Cause cause) {
        if (ended) {
            return;
        }
        if (pendingEnd != null) {
            end(pendingEnd); // the other half has failed before: now neither side can be written to
            return;
        }
        HalfRelay opposite = half == up ? down : up;
        RelayEnd end = new RelayEnd(sourceOf(opposite.direction()), cause);
        if (opposite.drainable()) {
            pendingEnd = end;
        } else {
            end(end);
        }
    }

    /** A side cannot be read any more, other than by its FIN. */
    private void broken(Side side, Cause cause) {
        if (!ended) {
            end(pendingEnd != null ? pendingEnd : new RelayEnd(side, cause));
        }
    }

    private void end(RelayEnd end) {
        reset();
        callback.ended(end);
    }

    private static Side sourceOf(Direction direction) {
        return switch (direction) {
            case UP -> Side.CLIENT;
            case DOWN -> Side.UPSTREAM;
        };
    }

    /** One connection's reports: what it reads feeds one half, its writability releases the other. */
    private final class EndSink implements ChannelConnection.Sink {
        private final HalfRelay reading;
        private final HalfRelay writing;
        private final Side side;

        EndSink(HalfRelay reading, HalfRelay writing, Side side) {
            this.reading = reading;
            this.writing = writing;
            this.side = side;
        }

        @Override
        public void read(ByteBuf bytes) {
            reading.read(bytes);
        }

        @Override
        public void readComplete() {
            reading.readComplete();
        }

        @Override
        public void fin() {
            if (!finSeen) {
                finSeen = true;
                firstFin = side;
            }
            reading.fin();
        }

        @Override
        public void broken(Cause cause) {
            ChannelRelay.this.broken(side, cause);
        }

        @Override
        public void writable() {
            writing.writable();
        }
    }
}
