package dev.fairlead.health;

import java.time.Duration;

/**
 * When an endpoint that keeps failing to connect gets no connections for a while.
 *
 * @param window attempts to connect that are looked back on, at least 1
 * @param leastAttempts fewer than these decide nothing; 1 to window
 * @param failurePercent of the attempts must have failed, 1 to 100
 * @param ejection how long the endpoint gets no connections, in whole milliseconds, at least 1
 * @param trials attempts let through after that, whose outcome decides; at least 1
 */
public record EjectionPolicy(int window, int leastAttempts, int failurePercent, Duration ejection, int trials) {
    /** Three of five failed: out for ten seconds, then one attempt. */
    public static final EjectionPolicy DEFAULTS = new EjectionPolicy(5, 3, 60, Duration.ofSeconds(10), 1);

    public EjectionPolicy {
        check("window", window, 1, 100_000);
        check("leastAttempts", leastAttempts, 1, window);
        check("failurePercent", failurePercent, 1, 100);
        check("trials", trials, 1, 100_000);
        if (ejection.toMillis() < 1 || !ejection.equals(Duration.ofMillis(ejection.toMillis()))) {
            throw new IllegalArgumentException("ejection: " + ejection + " (expected: whole milliseconds, at least 1)");
        }
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
