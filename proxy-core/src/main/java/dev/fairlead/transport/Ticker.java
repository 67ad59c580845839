package dev.fairlead.transport;

import java.time.Clock;

/** The only clock. */
public interface Ticker {
    /** The running machine's. */
    Ticker SYSTEM = new Ticker() {
        private final Clock wall = Clock.systemUTC();

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long epochMillis() {
            return wall.millis();
        }
    };

    /** Monotonic nanoseconds; only differences mean anything. */
    long nanos();

    /** Wall clock, for people: milliseconds since 1970 UTC. */
    long epochMillis();
}
