package dev.fairlead.discovery.kubernetes;

import java.time.Duration;

/**
 * How changes that come close together become one offer. The first is offered at once; those that follow it within the
 * quiet time wait until none has come for that long, but no longer than the bound.
 *
 * @param quiet how long nothing must have come; zero = nothing waits
 * @param atMost how long a change may wait for others
 */
public record Coalescing(Duration quiet, Duration atMost) {
    /** 10 ms and 100 ms. */
    public static final Coalescing DEFAULT = new Coalescing(Duration.ofMillis(10), Duration.ofMillis(100));

    /** @throws IllegalArgumentException where a change could never be offered: negative, or the bound is the shorter */
    public Coalescing {
        if (quiet.isNegative() || atMost.compareTo(quiet) < 0) {
            throw new IllegalArgumentException(
                    "quiet " + quiet + ", atMost " + atMost + " (expected: 0 <= quiet <= atMost)");
        }
    }
}
