package dev.fairlead.transport.uring;

import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Pipes.Pipe;

/**
 * One direction of a bulk flow: its bytes go from socket to pipe to socket and never come here. Called directly rather
 * than through the ring, which hands splices to threads of their own; the ring tells when there is something to do.
 */
final class Siphon implements Runnable {
    // Then others on the loop have their turn.
    private static final int ROUNDS = 2;
    // A flow that has become this slow is cheaper to copy: one receive and one send instead of a poll and two splices.
    private static final int LITTLE = 64 * 1024;
    private static final int LITTLE_IN_A_ROW = 8;

    private final Half half;
    private final UringLoop loop;
    private final UringConnection source;
    private final UringConnection sink;
    private final Pipe pipe;
    private int held;
    private boolean fin;
    private boolean waitsForSink;
    private boolean over;
    private int littleInARow;
    private long sinceAwake;

    /** Takes the pipe over, which must be empty. */
    Siphon(Half half, UringLoop loop, UringConnection source, UringConnection sink, Pipe pipe) {
        this.half = half;
        this.loop = loop;
        this.source = source;
        this.sink = sink;
        this.pipe = pipe;
    }

    /** Whether the sink is what the flow waits for. */
    boolean waitsForSink() {
        return waitsForSink;
    }

    /** The source has something, or the sink has room again, or either is broken. */
    void awake() {
        waitsForSink = false;
        run();
    }

    /** Ends it wherever it is; what is in the pipe is lost. */
    void letGo() {
        if (!over) {
            over = true;
            if (held > 0) {
                loop.pipes().discard(pipe);
            } else {
                loop.pipes().giveBack(pipe);
            }
        }
    }

    @Override
    public void run() {
        for (int round = 0; round < ROUNDS; round++) {
            if (over || !turn()) {
                return;
            }
        }
        // By way of the ring: a task would run again before the loop looks at what has come for others.
        if (held > 0) {
            sink.submit(Request.untilWritable(sink.fd()));
        } else {
            source.submit(Request.untilReadable(source.fd()));
        }
    }

    /** Fills the pipe and empties it. Returns whether to go on at once. */
    private boolean turn() {
        Kernel kernel = loop.kernel();
        boolean empty = false;
        if (!fin && held < pipe.size()) {
            long taken = kernel.splice(source.fd(), pipe.writeEnd(), (long) pipe.size() - held);
            if (taken > 0) {
                held += (int) taken;
                sinceAwake += taken;
                half.took(taken);
            } else if (taken == 0) {
                fin = true;
            } else if (taken == -Errno.EAGAIN) {
                empty = true; // or the pipe is full of small pieces; once it is drained, that shows
            } else {
                half.siphonBroken((int) -taken);
                return false;
            }
        }
        if (held > 0) {
            long given = kernel.splice(pipe.readEnd(), sink.fd(), held);
            if (given == -Errno.EAGAIN) {
                waitsForSink = true;
                sink.submit(Request.untilWritable(sink.fd()));
                return false;
            }
            if (given < 0) {
                half.sinkFailed((int) -given);
                return false;
            }
            held -= (int) given;
            return true;
        }
        if (fin) {
            half.siphonFinished();
            return false;
        }
        if (empty) {
            rest();
            return false;
        }
        return true;
    }

    /** There is nothing at the moment. */
    private void rest() {
        littleInARow = sinceAwake < LITTLE ? littleInARow + 1 : 0;
        sinceAwake = 0;
        if (littleInARow < LITTLE_IN_A_ROW) {
            source.submit(Request.untilReadable(source.fd()));
        } else {
            half.siphonEmptied();
        }
    }
}
