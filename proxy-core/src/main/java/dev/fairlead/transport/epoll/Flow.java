package dev.fairlead.transport.epoll;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Pipes.Pipe;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One direction. It reads into its loop's buffer and writes at once; only what the sink had no room for is kept, and
 * then nothing is read until there is room. So a flow that waits owns no memory, and a reader that stops makes the
 * writer stop. A flow that keeps filling the buffer is spliced through a pipe, its bytes then never come up from the
 * kernel, until they get few again.
 */
final class Flow {
    private enum State {
        /** Reads when there is something to read. */
        FLOWING,
        /** Holds something that the sink had no room for. */
        BLOCKED,
        /** The FIN was passed on. */
        DONE,
        /** The sink cannot be written to; what the source sends is of no use. */
        BROKEN
    }

    // One flow may not keep the others of its loop waiting for longer than this many reads take.
    private static final int READS_A_TURN = 8;
    private static final int SPLICES_A_TURN = 2;
    private static final int FULL_READS_BEFORE_SPLICE = 4;
    private static final int SMALL_SPLICES_BEFORE_COPY = 16;

    private final EpollRelay relay;
    private final EpollLoop loop;
    private final EpollConnection source;
    private final EpollConnection sink;
    private State state = State.FLOWING;
    private boolean finRead;
    private boolean written;
    private int streak;
    private long bytes;
    private @Nullable Leftover leftover;
    private @Nullable Pipe pipe;
    private long inPipe;

    Flow(EpollRelay relay, EpollLoop loop, EpollConnection source, EpollConnection sink) {
        this.relay = relay;
        this.loop = loop;
        this.source = source;
        this.sink = sink;
    }

    long bytes() {
        return bytes;
    }

    /** Whether it reads when there is something to read. */
    boolean flows() {
        return state == State.FLOWING;
    }

    boolean done() {
        return state == State.DONE;
    }

    void passFin() {
        // Where it fails the sink is broken, and epoll says so.
        loop.kernel().shutdownOutput(sink.number());
    }

    /** Sends bytes of our own before any of the source's. */
    void begin(byte[] preface) {
        MemorySegment.copy(preface, 0, loop.buffer(), JAVA_BYTE, 0, preface.length);
        write(preface.length, false);
    }

    /** Passes on what there is, for one turn. */
    void pump() {
        for (int turn = pipe == null ? READS_A_TURN : SPLICES_A_TURN; turn > 0; turn--) {
            if (!(pipe == null ? copy() : splice(pipe))) {
                return;
            }
        }
        source.again();
    }

    /** There may be room in the sink. */
    void resume() {
        if (state != State.BLOCKED || !(pipe == null ? flushLeftover() : flush(pipe))) {
            return;
        }
        state = State.FLOWING;
        if (finRead) {
            finished();
        } else {
            pump();
        }
    }

    /** Reads once and writes it; returns whether there may be more to do at once. */
    private boolean copy() {
        int size = bulk() ? loop.tuning().bulkReadSize() : loop.tuning().readSize();
        long read = loop.kernel().receive(source.number(), loop.buffer().address(), size);
        if (read <= 0) {
            return nothingRead(read);
        }
        bytes += read;
        boolean drained = read < size;
        // With the FIN in the queue, and nothing that stops a read early, a short read has reached it.
        boolean last = drained && source.peerFin() && !source.urgent() && !source.broken();
        if (last) {
            finRead();
        }
        if (!write(read, last)) {
            return false;
        }
        if (last) {
            finished();
            return false;
        }
        if (drained) {
            streak = 0;
            return source.peerFin();
        }
        if (++streak == FULL_READS_BEFORE_SPLICE && !source.urgent()) {
            pipe = loop.pipes().take().orElse(null);
            streak = pipe == null ? streak : 0;
        }
        return true;
    }

    /** A flow that wanted a pipe and got none. */
    private boolean bulk() {
        return streak >= FULL_READS_BEFORE_SPLICE;
    }

    private boolean nothingRead(long result) {
        if (result == 0) {
            finRead();
            finished();
            return false;
        }
        if (result == -Errno.EAGAIN) {
            relay.idle();
            return false;
        }
        if (result == -Errno.EINTR) {
            return true;
        }
        relay.broken(this, (int) -result);
        return false;
    }

    private void finRead() {
        finRead = true;
        relay.finFrom(this);
    }

    private void finished() {
        if (state != State.BROKEN) {
            state = State.DONE;
        }
        giveBackPipe();
        relay.drained(this);
    }

    /** Writes what the buffer holds, or keeps what there is no room for; returns whether all was written. */
    private boolean write(long length, boolean last) {
        if (state == State.BROKEN) {
            return true;
        }
        if (written) {
            sink.doNotDelay();
        }
        written = true;
        // A FIN that follows at once can travel in the last segment.
        long sent = loop.kernel().send(sink.number(), loop.buffer().address(), length, last ? Kernel.MSG_MORE : 0);
        if (sent == length) {
            return true;
        }
        if (sent < 0 && sent != -Errno.EAGAIN && sent != -Errno.EINTR) {
            breaks((int) -sent);
            return false;
        }
        long taken = Math.max(0, sent);
        leftover = new Leftover(loop.buffer().asSlice(taken, length - taken));
        block();
        return false;
    }

    private void block() {
        state = State.BLOCKED;
        sink.awaitRoom();
    }

    private void breaks(int errno) {
        state = State.BROKEN;
        letGo();
        relay.writeFailed(this, errno);
    }

    private boolean flushLeftover() {
        Leftover waiting = leftover;
        if (waiting == null) {
            return true;
        }
        sink.doNotDelay();
        long sent = loop.kernel().send(sink.number(), waiting.address(), waiting.length(),
                finRead ? Kernel.MSG_MORE : 0);
        if (sent == waiting.length()) {
            waiting.free();
            leftover = null;
            return true;
        }
        if (sent < 0 && sent != -Errno.EAGAIN && sent != -Errno.EINTR) {
            breaks((int) -sent);
            return false;
        }
        waiting.taken(Math.max(0, sent));
        sink.awaitRoom();
        return false;
    }

    /** Moves one pipe's worth; returns whether there may be more to do at once. */
    private boolean splice(Pipe through) {
        long read = source.urgent()
                ? 0
                : loop.kernel().splice(source.number(), through.writeEnd(), through.size());
        if (read == 0) {
            // Urgent data stops a splice for good, and where it does the kernel says "the end" before it: only a receive
            // knows whether that is so.
            giveBackPipe();
            return true;
        }
        if (read < 0) {
            return nothingRead(read);
        }
        bytes += read;
        inPipe = read;
        if (!flush(through)) {
            return false;
        }
        if (read >= loop.tuning().readSize()) {
            streak = 0;
        } else if (++streak == SMALL_SPLICES_BEFORE_COPY) {
            streak = 0;
            giveBackPipe();
        }
        return true;
    }

    /** Empties the pipe into the sink as far as there is room; returns whether it is empty. */
    private boolean flush(Pipe from) {
        sink.doNotDelay();
        while (inPipe > 0) {
            long moved = loop.kernel().splice(from.readEnd(), sink.number(), inPipe);
            if (moved > 0) {
                inPipe -= moved;
            } else if (moved == -Errno.EAGAIN) {
                block();
                return false;
            } else if (moved != -Errno.EINTR) {
                breaks(moved == 0 ? Errno.EPIPE : (int) -moved);
                return false;
            }
        }
        return true;
    }

    private void giveBackPipe() {
        if (pipe != null) {
            if (inPipe > 0) {
                loop.pipes().discard(pipe);
            } else {
                loop.pipes().giveBack(pipe);
            }
            pipe = null;
            inPipe = 0;
        }
    }

    /** Gives back what it holds; what was not written is dropped. */
    void letGo() {
        giveBackPipe();
        if (leftover != null) {
            leftover.free();
            leftover = null;
        }
    }
}
