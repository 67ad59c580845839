package dev.fairlead.transport.linux;

import dev.fairlead.transport.Splices;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The pipes of one loop, through which bulk flows are spliced. Bounded in number; kept when given back empty. Confined
 * to its loop.
 */
public final class Pipes {
    // A kernel that grants small pipes only (the user's share of pipe memory is used up) is not asked at every flow.
    private static final int FLOWS_BEFORE_ASKING_AGAIN = 256;
    /** What is meant by a few seconds. */
    public static final Duration TRIM = Duration.ofSeconds(2);
    /** Where nothing speaks against it: pipes of a loop. */
    public static final int USUAL = 16;

    /** One pipe; both descriptors are open. */
    public record Pipe(int readEnd, int writeEnd, int size) {
    }

    private final Kernel kernel;
    private final Consumer<Runnable> later;
    private final int most;
    private final int wishedSize;
    private final int leastSize;
    private final Deque<Pipe> idle = new ArrayDeque<>();
    private int open;
    private int refusals;
    private boolean trimming;
    // The fewest that were idle since the last trim: nobody has wanted those.
    private int spared;
    // Written by the loop alone, read by anybody.
    private final LongAdder taken = new LongAdder();
    private final LongAdder left = new LongAdder();

    /**
     * Makes none yet.
     *
     * @param later runs a task on the loop in a few seconds
     * @param most pipes open at a time; 0 = there are none to be had
     * @param wishedSize capacity in bytes
     * @param leastSize a pipe that the kernel grants less for does not pay
     */
    public Pipes(Kernel kernel, Consumer<Runnable> later, int most, int wishedSize, int leastSize) {
        this.kernel = kernel;
        this.later = later;
        this.most = most;
        this.wishedSize = wishedSize;
        this.leastSize = leastSize;
    }

    /** An empty pipe; absent when there are enough already, or the kernel grants none that pays. */
    public Optional<Pipe> take() {
        Pipe pipe = idle.poll();
        spared = Math.min(spared, idle.size());
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
        taken.increment();
        return Optional.of(pipe);
    }

    private Optional<Pipe> make() {
        long ends = kernel.pipe();
        if (ends < 0) {
            return Optional.empty();
        }
        int readEnd = (int) ends;
        int writeEnd = (int) (ends >>> 32);
        // Without privileges a wish beyond the machine's maximum or the user's share is refused, not cut down; half of it
        // may be granted. And what a new pipe has may be little: what counts is what it got.
        for (int wish = wishedSize; wish >= leastSize && kernel.setPipeSize(writeEnd, wish) < 0;) {
            wish /= 2;
        }
        Pipe pipe = new Pipe(readEnd, writeEnd, kernel.pipeSize(writeEnd));
        open++;
        if (pipe.size() < leastSize) {
            close(pipe);
            return Optional.empty();
        }
        return Optional.of(pipe);
    }

    /** Takes an empty pipe back. */
    public void giveBack(Pipe pipe) {
        left.increment();
        idle.push(pipe);
        if (!trimming) {
            trimming = true;
            spared = idle.size();
            later.accept(this::trim);
        }
    }

    /** Closes those that nobody has wanted for a while: descriptors are for connections. */
    private void trim() {
        for (int i = Math.min(spared, idle.size()); i > 0; i--) {
            close(idle.removeLast());
        }
        trimming = !idle.isEmpty();
        spared = idle.size();
        if (trimming) {
            later.accept(this::trim);
        }
    }

    /** Takes a pipe back in which there is something: closes it. */
    public void discard(Pipe pipe) {
        left.increment();
        close(pipe);
    }

    private void close(Pipe pipe) {
        open--;
        kernel.close(pipe.readEnd());
        kernel.close(pipe.writeEnd());
    }

    /** How often flows got a pipe, and gave it back. Any thread. */
    public Splices splices() {
        // In this order: one that begins and ends in between must not look as though it had ended without beginning.
        long ended = left.sum();
        return new Splices(taken.sum(), ended);
    }

    /** Closes those that nobody has. */
    public void close() {
        for (Pipe pipe = idle.poll(); pipe != null; pipe = idle.poll()) {
            close(pipe);
        }
    }
}
