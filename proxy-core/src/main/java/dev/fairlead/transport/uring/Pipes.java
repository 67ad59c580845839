package dev.fairlead.transport.uring;

import dev.fairlead.transport.linux.Kernel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The pipes of one loop, through which bulk flows are spliced. Bounded in number; kept when given back empty. Confined
 * to its loop.
 */
final class Pipes {
    // A kernel that grants small pipes only (the user's share of pipe memory is used up) is not asked at every flow.
    private static final int FLOWS_BEFORE_ASKING_AGAIN = 256;

    private static final int MOST = 32;
    private static final int SIZE = 1024 * 1024; // the larger the cheaper, measured
    private static final int LEAST_SIZE = 256 * 1024; // with less it does not pay

    /** One pipe; both descriptors are open. */
    record Pipe(int readEnd, int writeEnd, int size) {
    }

    private final Kernel kernel;
    private final Deque<Pipe> idle = new ArrayDeque<>();
    private int open;
    private int refusals;
    private long engaged;

    Pipes(Kernel kernel) {
        this.kernel = kernel;
    }

    /** An empty pipe; absent when there are enough already, or the kernel grants none that pays. */
    Optional<Pipe> take() {
        Pipe pipe = idle.poll();
        if (pipe == null) {
            if (open >= MOST || (refusals > 0 && refusals++ % FLOWS_BEFORE_ASKING_AGAIN != 0)) {
                return Optional.empty();
            }
            Optional<Pipe> made = make();
            if (made.isEmpty()) {
                refusals++;
                return made;
            }
            refusals = 0;
            pipe = made.get();
        }
        engaged++;
        return Optional.of(pipe);
    }

    private Optional<Pipe> make() {
        long ends = kernel.pipe();
        if (ends < 0) {
            return Optional.empty();
        }
        int readEnd = (int) ends;
        int writeEnd = (int) (ends >>> 32);
        // Without privileges the wish may be refused, and what a new pipe has may be little: what counts is what it got.
        kernel.setPipeSize(writeEnd, SIZE);
        Pipe pipe = new Pipe(readEnd, writeEnd, kernel.pipeSize(writeEnd));
        open++;
        if (pipe.size() < LEAST_SIZE) {
            discard(pipe);
            return Optional.empty();
        }
        return Optional.of(pipe);
    }

    /** Takes an empty pipe back. */
    void giveBack(Pipe pipe) {
        idle.push(pipe);
    }

    /** Closes a pipe with what is in it. */
    void discard(Pipe pipe) {
        open--;
        kernel.close(pipe.readEnd());
        kernel.close(pipe.writeEnd());
    }

    /** How often a flow got a pipe. */
    long engaged() {
        return engaged;
    }

    void close() {
        for (Pipe pipe = idle.poll(); pipe != null; pipe = idle.poll()) {
            discard(pipe);
        }
    }
}
