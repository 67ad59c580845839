package dev.fairlead.transport.uring;

import dev.fairlead.transport.Direction;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Pipes.Pipe;
import io.netty.channel.uring.IoUringIoOps;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One direction. It receives, sends all of that, and only then receives again: what it holds is bounded by one block,
 * and a reader that stops makes the writer stop. It waits for bytes with a small block; a large one is borrowed while
 * there is more at hand than fits.
 */
final class Half {
    private enum State {
        FLOWING, FINISHING, DONE, BROKEN
    }

    private static final int FULL_BEFORE_SIPHON = 4;

    private final UringRelay relay;
    private final UringLoop loop;
    private final Direction direction;
    private final UringConnection source;
    private final UringConnection sink;
    private State state = State.FLOWING;
    private @Nullable Block small;
    private @Nullable Block large;
    private int filled;
    private int delivered;
    private boolean receiving;
    private boolean sending;
    private boolean moreAtHand;
    private int fullInARow;
    private @Nullable Siphon siphon;
    private @Nullable IoUringIoOps wait;
    private long bytes;

    Half(UringRelay relay, UringLoop loop, Direction direction, UringConnection source, UringConnection sink) {
        this.relay = relay;
        this.loop = loop;
        this.direction = direction;
        this.source = source;
        this.sink = sink;
    }

    /** @param preface goes before what is received, together with what has come by now */
    void start(byte[] preface) {
        Block block = loop.small().take();
        small = block;
        if (preface.length == 0) {
            receive(Request.receive(source.fd(), block.address(), block.size()));
        } else {
            block.put(preface);
            filled = preface.length;
            receiveMore();
        }
    }

    Direction direction() {
        return direction;
    }

    long bytes() {
        return bytes;
    }

    boolean done() {
        return state == State.DONE;
    }

    /** Whether more may still come out of the source and reach the sink without waiting for anybody. */
    boolean drainable() {
        boolean stuck = sending || (siphon != null && siphon.waitsForSink());
        return state == State.FINISHING || (state == State.FLOWING && !stuck);
    }

    void passFin() {
        // Where it fails the sink is broken, which is learned by reading from it.
        loop.kernel().shutdownOutput(sink.fd());
    }

    /** What was kept for a FIN to go with goes now, since none follows; a reset would throw it away. */
    void push() {
        loop.kernel().setOption(sink.fd(), Kernel.IPPROTO_TCP, Kernel.TCP_NODELAY, 1);
    }

    /** The relay has ended: memory goes back as soon as the kernel is done with it. */
    void letGo() {
        if (siphon != null) {
            siphon.letGo();
            siphon = null;
        }
        if (receiving || sending) {
            return;
        }
        if (small != null) {
            small.giveBack();
            small = null;
        }
        dropLarge();
    }

    private void dropLarge() {
        if (large != null) {
            large.giveBack();
            large = null;
        }
    }

    private Block block() {
        if (large != null) {
            return large;
        }
        if (small == null) {
            throw new IllegalStateException("a half that was let go");
        }
        return small;
    }

    private void receive(IoUringIoOps request) {
        receiving = true;
        source.submit(request);
    }

    /** Receives when something comes. */
    private void await() {
        dropLarge();
        IoUringIoOps request = wait;
        if (request == null) {
            Block block = block();
            request = Request.receiveLater(source.fd(), block.address(), block.size());
            wait = request;
        }
        receive(request);
    }

    /** Receives what is there, behind what was received before. */
    private void receiveMore() {
        Block block = block();
        receive(Request.receiveNow(source.fd(), block.address() + filled, block.size() - filled));
    }

    void received(int result, boolean more) {
        receiving = false;
        if (relay.ended()) {
            letGo();
        } else if (result > 0) {
            bytes += result;
            filled += result;
            moreAtHand = more;
            if (more && filled < enlarged().size()) {
                receiveMore();
            } else {
                send();
            }
        } else if (result == 0) {
            finished();
        } else if (result == -Errno.EAGAIN || result == -Errno.EINTR) {
            moreAtHand = false;
            if (filled > 0) {
                send();
            } else {
                await();
            }
        } else {
            relay.readFailed(this, -result);
        }
    }

    /** The block, exchanged for a large one where it is full. */
    private Block enlarged() {
        Block block = block();
        if (large != null || filled < block.size()) {
            return block;
        }
        Block bigger = loop.large().take();
        bigger.copy(block, filled);
        large = bigger;
        return bigger;
    }

    private void finished() {
        relay.finFrom(this);
        state = State.FINISHING;
        if (filled > 0) {
            send();
        } else {
            drained();
        }
    }

    private void drained() {
        state = State.DONE;
        relay.drained(this);
    }

    private void send() {
        sending = true;
        sink.beforeSend();
        sink.submit(Request.send(sink.fd(), block().address() + delivered, filled - delivered,
                state == State.FINISHING));
    }

    void sent(int result) {
        sending = false;
        if (relay.ended()) {
            letGo();
        } else if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR) {
            sinkFailed(-result);
        } else {
            delivered += Math.max(0, result);
            if (delivered < filled) {
                send();
                return;
            }
            fullInARow = filled == Block.LARGE ? fullInARow + 1 : 0;
            filled = 0;
            delivered = 0;
            if (state == State.FINISHING) {
                drained();
            } else if (fullInARow >= FULL_BEFORE_SIPHON) {
                engageSiphon();
            } else if (moreAtHand) {
                receiveMore();
            } else {
                await();
            }
        }
    }

    // ---- bulk ----

    private void engageSiphon() {
        fullInARow = 0;
        Optional<Pipe> pipe = loop.pipes().take();
        if (pipe.isEmpty()) {
            receiveMore();
            return;
        }
        dropLarge();
        Siphon engaged = new Siphon(this, loop, source, sink, pipe.get());
        siphon = engaged;
        engaged.run();
    }

    /** What the siphon waited for has come, or the relay has ended meanwhile. */
    void awake() {
        if (siphon != null) {
            siphon.awake();
        }
    }

    void took(long more) {
        bytes += more;
    }

    private void dropSiphon() {
        if (siphon != null) {
            siphon.letGo();
            siphon = null;
        }
    }

    /** The flow is not worth a pipe any more. */
    void siphonEmptied() {
        dropSiphon();
        await();
    }

    /**
     * The source has sent its FIN, it seems, and everything before it was delivered. Before urgent data the kernel says
     * so, too: only a receive knows.
     */
    void siphonFinished() {
        dropSiphon();
        receiveMore();
    }

    /** The source cannot be read any more, other than for a FIN. */
    void siphonBroken(int errno) {
        relay.readFailed(this, errno);
    }

    /** The sink takes nothing any more. */
    void sinkFailed(int errno) {
        state = State.BROKEN;
        dropSiphon();
        filled = 0;
        delivered = 0;
        relay.writeFailed(this, errno);
    }
}
