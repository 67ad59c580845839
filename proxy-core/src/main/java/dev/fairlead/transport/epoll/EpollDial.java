package dev.fairlead.transport.epoll;

import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.Dial;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.SlowOnes;
import java.util.function.Consumer;

/** An attempt to connect; confined to its loop. */
final class EpollDial implements Dial, SlowOnes.Attempt {
    private final Consumer<DialOutcome> outcome;
    private final EpollConnection upstream;
    private final long deadlineNanos;
    private boolean over;

    /**
     * Waits for the outcome.
     *
     * @param deadlineNanos of {@link System#nanoTime}
     */
    EpollDial(Consumer<DialOutcome> outcome, EpollConnection upstream, long deadlineNanos) {
        this.outcome = outcome;
        this.upstream = upstream;
        this.deadlineNanos = deadlineNanos;
    }

    @Override
    public boolean over() {
        return over;
    }

    @Override
    public boolean late(long nowNanos) {
        return nowNanos - deadlineNanos >= 0;
    }

    void connected() {
        if (!over) {
            over = true;
            outcome.accept(new DialOutcome.Connected(upstream));
        }
    }

    void failed(int errno) {
        end(new DialOutcome.Failed(Errno.dialFailure(errno), Errno.word(errno)));
    }

    @Override
    public void timedOut() {
        end(new DialOutcome.Failed(Cause.TIMEOUT, "no answer in time"));
    }

    private void end(DialOutcome result) {
        if (!over) {
            over = true;
            upstream.reset();
            outcome.accept(result);
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            upstream.reset();
        }
    }
}
