package dev.fairlead.loadtest.bench.result;

/** What is counted, and how its cost and rate are written. */
public enum Unit {
    CONNECTION("connection", "µs", 1e6, 1), EXCHANGE("exchange", "µs", 1e6, 1), GIGABYTE("GB", "s", 1, 1e9), CHANGE(
            "change", "ms", 1e3, 1);

    private final String word;
    private final String time;
    private final double timesPerSecond;
    private final double countsPerUnit;

    Unit(String word, String time, double timesPerSecond, double countsPerUnit) {
        this.word = word;
        this.time = time;
        this.timesPerSecond = timesPerSecond;
        this.countsPerUnit = countsPerUnit;
    }

    public String word() {
        return word;
    }

    /** The unit of time in which its CPU is given. */
    public String time() {
        return time;
    }

    /**
     * CPU per unit, in {@link #time}.
     *
     * @param counts what the generator counted: bytes where the unit is a gigabyte
     */
    public double cost(double cpuSeconds, long counts) {
        return cpuSeconds * timesPerSecond / ((double) counts / countsPerUnit);
    }

    /** Units per second. */
    public double rate(double countsPerSecond) {
        return countsPerSecond / countsPerUnit;
    }
}
