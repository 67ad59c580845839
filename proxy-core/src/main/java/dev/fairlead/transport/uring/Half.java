package dev.fairlead.transport.uring;

import dev.fairlead.transport.Direction;
import dev.fairlead.transport.linux.Errno;
import io.netty.channel.uring.IoUringIoOps;
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
    private @Nullable IoUringIoOps wait;
    private long bytes;

    Half(UringRelay relay, UringLoop loop, Direction direction, UringConnection source, UringConnection sink) {
        this.relay = relay;
        this.loop = loop;
        this.direction = direction;
        this.source = source;
        this.sink = sink;
    }

    void start() {
        Block block = loop.small().take();
        small = block;
        receive(Request.receive(source.fd(), block.address(), block.size()));
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
        return state == State.FINISHING || (state == State.FLOWING && !sending);
    }

    void passFin() {
        // Where it fails the sink is broken, which is learned by reading from it.
        loop.kernel().shutdownOutput(sink.fd());
    }

    /** The relay has ended: memory goes back as soon as the kernel is done with it. */
    void letGo() {
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
            if (state == State.BROKEN) {
                filled = 0;
                await();
            } else if (more && filled < enlarged().size()) {
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
        bigger.bytes().put(0, block.bytes(), 0, filled);
        large = bigger;
        return bigger;
    }

    private void finished() {
        relay.finFrom(this);
        if (state == State.BROKEN) {
            relay.drained(this);
            return;
        }
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
        sink.submit(Request.send(sink.fd(), block().address() + delivered, filled - delivered,
                state == State.FINISHING));
    }

    void sent(int result) {
        sending = false;
        if (relay.ended()) {
            letGo();
        } else if (result < 0 && result != -Errno.EAGAIN && result != -Errno.EINTR) {
            state = State.BROKEN;
            filled = 0;
            delivered = 0;
            relay.writeFailed(this, -result);
        } else {
            delivered += Math.max(0, result);
            if (delivered < filled) {
                send();
                return;
            }
            filled = 0;
            delivered = 0;
            if (state == State.FINISHING) {
                drained();
            } else if (moreAtHand) {
                receiveMore();
            } else {
                await();
            }
        }
    }
}
