package dev.fairlead.transport.uring;

import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.Relay;
import dev.fairlead.transport.RelayCallback;
import dev.fairlead.transport.RelayEnd;
import dev.fairlead.transport.linux.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Two halves and how they end together. A side that can no longer be written to is gone, but what it sent before is
 * delivered first: an endpoint that answers and closes while the client still sends is heard.
 */
final class UringRelay implements Relay {
    private final UringConnection downstream;
    private final UringConnection upstream;
    private final RelayCallback callback;
    private final Half up;
    private final Half down;
    private @Nullable RelayEnd pendingEnd;
    private @Nullable Side firstFin;
    private boolean ended;

    UringRelay(UringLoop loop, UringConnection downstream, UringConnection upstream, RelayCallback callback) {
        this.downstream = downstream;
        this.upstream = upstream;
        this.callback = callback;
        this.up = new Half(this, loop, Direction.UP, downstream, upstream);
        this.down = new Half(this, loop, Direction.DOWN, upstream, downstream);
    }

    void start(byte[] preface) {
        downstream.attach(this, up, down);
        upstream.attach(this, down, up);
        up.start(preface);
        down.start(DataPath.NO_PREFACE);
    }

    boolean ended() {
        return ended;
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
            up.letGo();
            down.letGo();
        }
    }

    /** From the first look on, the kernel tells. */
    @Override
    public void probe() {
        UringConnection silent = silent();
        if (!ended && silent != null) {
            silent.watch();
        }
    }

    /**
     * The side whose FIN was read and to which none was passed on yet: nobody reads from it, and it may still break.
     */
    private @Nullable UringConnection silent() {
        if (up.done() == down.done()) {
            return null;
        }
        return down.done() ? upstream : downstream;
    }

    /** A connection that is watched has broken, or is over in both directions, which is no news. */
    void broke(UringConnection connection) {
        if (connection == silent()) {
            broken(connection, Errno.ECONNRESET);
        }
    }

    void finFrom(Half half) {
        if (firstFin == null) {
            firstFin = sourceOf(half);
        }
    }

    /** A half has delivered everything before the FIN it read. */
    void drained(Half half) {
        if (pendingEnd != null) {
            half.push();
            end(pendingEnd);
            return;
        }
        boolean last = up.done() && down.done();
        if (!last) {
            half.passFin();
        }
        callback.halfClosed(half.direction());
        if (ended || !last) {
            return;
        }
        ended = true;
        downstream.finish(); // which passes the second FIN on as well
        upstream.finish();
        up.letGo();
        down.letGo();
        callback.ended(new RelayEnd(firstFin == null ? sourceOf(half) : firstFin, Cause.FIN));
    }

    /** A half cannot write any more; the side it writes to is gone but for what it sent before. */
    void writeFailed(Half half, int errno) {
        if (ended) {
            return;
        }
        if (pendingEnd != null) {
            end(pendingEnd); // the other half has failed before: now neither side can be written to
            return;
        }
        Half opposite = half == up ? down : up;
        RelayEnd end = new RelayEnd(sourceOf(opposite), Errno.breakage(errno));
        if (opposite.drainable()) {
            pendingEnd = end;
        } else {
            end(end);
        }
    }

    /** A half cannot read any more, other than for a FIN. */
    void readFailed(Half half, int errno) {
        broken(half == up ? downstream : upstream, errno);
    }

    private void broken(UringConnection connection, int errno) {
        if (!ended) {
            Side side = connection == downstream ? Side.CLIENT : Side.UPSTREAM;
            end(pendingEnd != null ? pendingEnd : new RelayEnd(side, Errno.breakage(errno)));
        }
    }

    private void end(RelayEnd end) {
        reset();
        callback.ended(end);
    }

    private Side sourceOf(Half half) {
        return half == up ? Side.CLIENT : Side.UPSTREAM;
    }
}
