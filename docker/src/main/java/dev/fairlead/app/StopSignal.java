package dev.fairlead.app;

import dev.fairlead.transport.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The word to stop. The first one begins a gentle end; what a second one does is its giver's business. Any thread. */
final class StopSignal {
    private final CountDownLatch given = new CountDownLatch(1);
    private final Ticker ticker;
    private String name = "";
    private long givenAtNanos;
    private Runnable hangUp = () -> give("SIGHUP, since there is no `handover` at which a new process could take over");

    StopSignal(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Gives the word.
     *
     * @param by for the log: {@code SIGTERM}
     * @return whether it is the first
     */
    synchronized boolean give(String by) {
        boolean first = given.getCount() > 0;
        if (first) {
            name = by;
            givenAtNanos = ticker.nanos();
            given.countDown();
        }
        return first;
    }

    /** What SIGHUP does from now on; before that it is the word to stop. */
    synchronized void onHangUp(Runnable action) {
        hangUp = action;
    }

    /** There was a SIGHUP. */
    void hangUp() {
        Runnable action;
        synchronized (this) {
            action = hangUp;
        }
        action.run();
    }

    /** How long ago the first word was given; zero before. */
    synchronized Duration age() {
        return given.getCount() > 0 ? Duration.ZERO : Duration.ofNanos(ticker.nanos() - givenAtNanos);
    }

    /** Waits for the word; returns who gave it. */
    String await() throws InterruptedException {
        given.await();
        synchronized (this) {
            return name;
        }
    }

    /** Waits for the word, but no longer than that; returns whether it was given. */
    boolean await(Duration atMost) throws InterruptedException {
        return given.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }
}
