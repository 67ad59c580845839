package dev.fairlead.loadtest.bench.scenario;

/**
 * How long things take.
 *
 * @param rounds how often each contender has its turn
 * @param seconds measured per turn
 * @param settle seconds of load before them
 * @param warmUp seconds of load once before the first round, until a JIT is done
 * @param connections at most, where a scenario wants thousands
 */
public record Pace(int rounds, double seconds, double settle, double warmUp, int connections) {
    private static final double WARM_UP_OTHERS = 0.5;
    private static final double PACED_PART = 0.75;

    /** As measured for the table. */
    public static Pace full(int rounds, double seconds) {
        return new Pace(rounds, seconds, 0.2, 3, 15_000);
    }

    /** Of a turn of the open loop: thousands of samples come sooner than a CPU figure of some precision. */
    double pacedSeconds() {
        return seconds * PACED_PART;
    }

    double warmUp(boolean jit) {
        return jit ? warmUp : Math.min(warmUp, WARM_UP_OTHERS);
    }
}
