package dev.fairlead.transport.linux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The pipes of one loop, through which bulk flows are spliced. Bounded in number; kept when given back empty. Confined
 * to its loop.
 */
public final class Pipes {
    // A kernel that grants small pipes only (the user's share of pipe memory is used up) is not asked at every flow.
    private static final int FLOWS_BEFORE_ASKING_AGAIN = 256;

    /** One pipe; both descriptors are open. */
    public record Pipe(int readEnd, int writeEnd, int size) {
    }

    private final Kernel kernel;
    private final int most;
    private final int wishedSize;
    private final int leastSize;
    private final Deque<Pipe> idle = new ArrayDeque<>();
    private int open;
    private int refusals;
    private long engaged;

    /**
     * Makes none yet.
     *
     * @param most pipes open at a time; 0 = there are none to be had
     * @param wishedSize capacity in bytes
     * @param leastSize a pipe that the kernel grants less for does not pay
     */
    public Pipes(Kernel kernel, int most, int wishedSize, int leastSize) {
        this.kernel = kernel;
        this.most = most;
        this.wishedSize = wishedSize;
        this.leastSize = leastSize;
    }

    /** An empty pipe; absent when there are enough already, or the kernel grants none that pays. */
    public Optional<Pipe> take() {
        Pipe pipe = idle.poll();
        if (pipe == null) {
            if (open >= most || (refusals > 0 && refusals++ % FLOWS_BEFORE_ASKING_AGAIN != 0)) {
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
        kernel.setPipeSize(writeEnd, wishedSize);
        Pipe pipe = new Pipe(readEnd, writeEnd, kernel.pipeSize(writeEnd));
        open++;
        if (pipe.size() < leastSize) {
            discard(pipe);
            return Optional.empty();
        }
        return Optional.of(pipe);
    }

    /** Takes an empty pipe back. */
    public void giveBack(Pipe pipe) {
        idle.push(pipe);
    }

    /** Closes a pipe with what is in it. */
    public void discard(Pipe pipe) {
        open--;
        kernel.close(pipe.readEnd());
        kernel.close(pipe.writeEnd());
    }

    /** How often a flow got a pipe. */
    public long engaged() {
        return engaged;
    }

    /** Closes those that nobody has. */
    public void close() {
        for (Pipe pipe = idle.poll(); pipe != null; pipe = idle.poll()) {
            discard(pipe);
        }
    }
}
