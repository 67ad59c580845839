package dev.fairlead.transport.epoll;

import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.Relay;
import dev.fairlead.transport.RelayCallback;
import dev.fairlead.transport.RelayEnd;
import dev.fairlead.transport.linux.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Two flows and how they end together. A side that can no longer be written to is gone, but what it sent before is
 * delivered first: an endpoint that answers and closes while the client still sends is heard.
 */
final class EpollRelay implements Relay {
    private final EpollConnection downstream;
    private final EpollConnection upstream;
    private final byte[] preface;
    private final RelayCallback callback;
    private final Flow up;
    private final Flow down;
    private @Nullable RelayEnd pendingEnd;
    private @Nullable Side firstFin;
    private boolean ended;

    EpollRelay(EpollLoop loop, EpollConnection downstream, EpollConnection upstream, byte[] preface,
            RelayCallback callback) {
        this.downstream = downstream;
        this.upstream = upstream;
        this.preface = preface;
        this.callback = callback;
        this.up = new Flow(this, loop, downstream, upstream);
        this.down = new Flow(this, loop, upstream, downstream);
    }

    /** Passes on what has come so far. */
    void start() {
        if (!ended && preface.length > 0) {
            up.begin(preface);
        }
        if (!ended) {
            handle(downstream, false);
        }
        if (!ended && up.bytes() == 0) {
            // The handshake's last step has waited for the request; an endpoint that speaks first would wait, too.
            upstream.acknowledge();
        }
        if (!ended) {
            handle(upstream, false);
        }
    }

    /** Something happened at one end: there may be something to read, there may be room to write. */
    void handle(EpollConnection end, boolean room) {
        Flow out = end == downstream ? up : down;
        if (room) {
            (end == downstream ? down : up).resume();
        }
        if (ended) {
            return;
        }
        if (end.broken() && !out.flows()) {
            // Nobody reads there, so that nobody else learns of it.
            int error = end.error();
            if (error > 0) {
                broken(out, error);
            }
        } else if (out.flows() && end.takeReadable()) {
            out.pump();
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
            up.letGo();
            down.letGo();
        }
    }

    /** The flow has read its source's FIN. */
    void finFrom(Flow flow) {
        if (firstFin == null) {
            firstFin = sourceOf(flow);
        }
    }

    /** The flow has delivered everything before the FIN. */
    void drained(Flow flow) {
        if (pendingEnd != null) {
            end(pendingEnd);
            return;
        }
        boolean last = other(flow).done();
        if (!last) {
            flow.passFin();
            callback.halfClosed(flow == up ? Direction.UP : Direction.DOWN);
            return;
        }
        ended = true;
        up.letGo();
        down.letGo();
        downstream.finish(); // which passes the second FIN on as well
        upstream.finish();
        callback.ended(new RelayEnd(firstFin == null ? sourceOf(flow) : firstFin, Cause.FIN));
    }

    /** The flow has found nothing to read. */
    void idle() {
        if (pendingEnd != null) {
            end(pendingEnd);
        }
    }

    /** The flow cannot write any more; the side it writes to is gone but for what it sent before. */
    void writeFailed(Flow flow, int errno) {
        if (ended) {
            return;
        }
        if (pendingEnd != null) {
            end(pendingEnd);
            return;
        }
        Flow opposite = other(flow);
        RelayEnd end = new RelayEnd(sourceOf(opposite), Errno.breakage(errno));
        if (opposite.flows()) {
            pendingEnd = end;
            opposite.pump();
        } else {
            end(end);
        }
    }

    /** The flow's source cannot be read any more, other than by its FIN. */
    void broken(Flow flow, int errno) {
        if (!ended) {
            end(pendingEnd != null ? pendingEnd : new RelayEnd(sourceOf(flow), Errno.breakage(errno)));
        }
    }

    private void end(RelayEnd end) {
        reset();
        callback.ended(end);
    }

    private Flow other(Flow flow) {
        return flow == up ? down : up;
    }

    private Side sourceOf(Flow flow) {
        return flow == up ? Side.CLIENT : Side.UPSTREAM;
    }
}
