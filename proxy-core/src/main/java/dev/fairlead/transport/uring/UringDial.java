package dev.fairlead.transport.uring;

import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.Dial;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.SlowOnes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An attempt to connect; confined to its loop. */
final class UringDial implements Dial, SlowOnes.Attempt {
    private final Consumer<DialOutcome> outcome;
    private final @Nullable UringConnection connection;
    private final long deadlineNanos;
    private boolean over;

    /**
     * @param connection null where no socket could be made
     * @param deadlineNanos of {@link System#nanoTime}
     */
    UringDial(Consumer<DialOutcome> outcome, @Nullable UringConnection connection, long deadlineNanos) {
        this.outcome = outcome;
        this.connection = connection;
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

    void deliver(DialOutcome result) {
        if (!over) {
            over = true;
            outcome.accept(result);
        }
    }

    @Override
    public void timedOut() {
        if (!over) {
            drop();
            deliver(new DialOutcome.Failed(Cause.TIMEOUT, "no answer in time"));
        }
    }

    /** The kernel's answer: 0 or a negated errno. */
    void answered(UringConnection upstream, int result) {
        if (over) {
            return;
        }
        if (result == 0) {
            deliver(new DialOutcome.Connected(upstream));
        } else {
            drop();
            deliver(Errno.dialOutcome(-result));
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            drop();
        }
    }

    private void drop() {
        if (connection != null) {
            connection.reset();
        }
    }
}
