package dev.fairlead.balance;

import dev.fairlead.model.Termination.Cause;
import java.util.OptionalLong;

/**
 * Whether an endpoint takes a connection just now, by what was learned from earlier ones. Any thread, never blocks.
 * Every true {@link #tryAcquire} is followed by exactly one of {@link #connected}, {@link #failed} and
 * {@link #release}.
 */
public interface Gate {
    /** Admits everything and learns nothing. */
    Gate OPEN = new Gate() {
        @Override
        public boolean shut() {
            return false;
        }

        @Override
        public boolean tryAcquire() {
            return true;
        }

        @Override
        public void connected(long nanos) {
        }

        @Override
        public void failed(long nanos, Cause cause) {
        }

        @Override
        public void release() {
        }

        @Override
        public State state() {
            return State.ADMITS;
        }
    };

    /** What a reader is told. */
    enum State {
        /** Takes connections. */
        ADMITS,
        /** Kept failing: takes none for a while. */
        EJECTED,
        /** The while is over: a few connections may try. */
        TRIAL,
        /**
         * Kept failing, but takes connections all the same, since half of its service's endpoints are ejected already.
         */
        SPARED
    }

    /** Whether {@link #tryAcquire} would surely say no. Has no effect, so a picker may ask as often as it likes. */
    boolean shut();

    /** Permission for one attempt to connect. */
    boolean tryAcquire();

    /** The attempt succeeded after so many nanoseconds. */
    void connected(long nanos);

    /** The attempt failed after so many nanoseconds, by the endpoint's or the network's doing. */
    void failed(long nanos, Cause cause);

    /** The attempt was given up for a reason that says nothing about the endpoint. */
    void release();

    State state();

    /** How long it admits nobody yet; empty where it is not {@link State#EJECTED}. */
    default OptionalLong ejectedForMillis() {
        return OptionalLong.empty();
    }
}
