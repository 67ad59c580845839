package dev.fairlead.admin;

import dev.fairlead.transport.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Gives every watched thread a small task about once a second and looks whether it was done. A thread that has one task
 * waiting gets no second one.
 */
public final class Heartbeats implements Liveness {
    /** How the names of event loops begin, whose lag is told. */
    public static final String EVENT_LOOP = "event loop ";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Ticker ticker;
    private final List<Pulse> pulses;

    /**
     * Watches threads.
     *
     * @param watched each a single thread, by the name a reader shall see: {@code event loop 0}, {@code control}
     */
    public Heartbeats(Ticker ticker, Map<String, Executor> watched) {
        this.ticker = ticker;
        this.pulses = watched.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(entry -> new Pulse(entry.getKey(), entry.getValue())).toList();
    }

    @Override
    public void beat() {
        long now = ticker.nanos();
        pulses.forEach(pulse -> pulse.ask(now));
    }

    @Override
    public List<String> stalled() {
        long now = ticker.nanos();
        return pulses.stream().flatMap(pulse -> pulse.complaint(now).stream()).toList();
    }

    @Override
    public long lagNanos() {
        long now = ticker.nanos();
        return pulses.stream().filter(pulse -> pulse.counts).mapToLong(pulse -> pulse.lagNanos(now)).max().orElse(0);
    }

    private final class Pulse {
        private final String name;
        private final Executor thread;
        private boolean waiting;
        private long askedNanos;
        private long lagNanos;
        private final boolean counts;

        private Pulse(String name, Executor thread) {
            this.name = name;
            this.counts = name.startsWith(EVENT_LOOP);
            this.thread = thread;
        }

        private void ask(long now) {
            synchronized (this) {
                if (waiting) {
                    return;
                }
                waiting = true;
                askedNanos = now;
            }
            try {
                thread.execute(this::answer);
            } catch (RejectedExecutionException ended) {
                // It has ended: it will never answer, and that is what will be said of it.
                return;
            }
        }

        private synchronized void answer() {
            waiting = false;
            lagNanos = ticker.nanos() - askedNanos;
        }

        /** What it took when it answered last, or has taken so far. */
        private synchronized long lagNanos(long now) {
            return waiting ? Math.max(lagNanos, now - askedNanos) : lagNanos;
        }

        private synchronized Optional<String> complaint(long now) {
            Duration silent = Duration.ofNanos(now - askedNanos);
            return waiting && silent.compareTo(PATIENCE) >= 0
                    ? Optional.of(name + ": has not turned for " + silent.toSeconds() + " s")
                    : Optional.empty();
        }
    }
}
