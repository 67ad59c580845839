package dev.fairlead.loadtest.bench.result;

/** A figure that a row may have. Which unit CPU and rate are per, the scenario's {@link Unit} says. */
public enum Metric {
    RATE("rate", false),
    /** Of the proxy's processes, user and system, per unit of work. */
    CPU("CPU", true),
    /** Milliseconds, open loop unless the scenario says otherwise. */
    P50("p50 ms", true), P99("p99 ms", true), P999("p99.9 ms", true),
    /** CPU of both sides of the generator per unit of work. */
    GENERATOR_USER("gen user", true), GENERATOR_SYSTEM("gen sys", true),
    /** Whole process, MB of 1,000,000 bytes. */
    MEMORY_EMPTY("empty MB", true), MEMORY_LOADED("loaded MB", true),
    /** Growth per connection or flow, KB of 1,000 bytes; where the contender has a heap, what of it lives there. */
    MEMORY_EACH("KB each", true), HEAP_EACH("heap KB each", true),
    /** Of all its processes, while loaded. */
    DESCRIPTORS("descriptors", true),
    /** Requests without a reply where whoever sends them waits for nobody and all can keep up, and at full speed. */
    LOST("lost", true), LOST_FULL("lost full", true),
    /** Replies that a later one has overtaken, and second ones; in each round. */
    REORDERED("reordered", true), DUPLICATES("duplicates", true),
    /** What clients notice during a flood, and what the contender gave up for it. */
    FLOOD_P99("flood p99 ms", true), FLOOD_LOST("flood lost", true), FLOOD_EVICTED("evicted", true),
    /** From exec to the first answer. */
    START("start ms", true),
    /** From exec to a whole cluster being served, and what it occupies. */
    SYNC("initial s", true), HEAP("heap MB", true),
    /** From an event being read, or a command being started, to its being in force. */
    CHANGE_P50("change p50 ms", true), CHANGE_P99("change p99 ms", true),
    /** From just before the server told of it. */
    SERVER_P50("from the server p50 ms", true), SERVER_P99("from the server p99 ms", true),
    /** From a scrape's request to its last byte, MB of 1,000,000 bytes, and what connections notice meanwhile. */
    SCRAPE("scrape ms", true), SCRAPE_WORST("worst scrape ms", true), SCRAPE_SIZE("scrape MB",
            true), P99_SCRAPED("p99 ms scraped", true),
    /** What goes on beside the measured load. */
    BESIDE("beside GB/s", false),
    /** The same where what goes on beside it is as fast as it can be. */
    BESIDE_FULL("beside full GB/s", false), P99_FULL("p99 full ms", true),
    /** What is left after a soak. */
    LEFT_DESCRIPTORS("descriptors left", true), LEFT_PIPES("pipes left", true), LEFT_SESSIONS("sessions left",
            true), LEFT_MEMORY("memory left MB", true);

    private final String heading;
    private final boolean lessIsBetter;

    Metric(String heading, boolean lessIsBetter) {
        this.heading = heading;
        this.lessIsBetter = lessIsBetter;
    }

    public String heading() {
        return heading;
    }

    public boolean lessIsBetter() {
        return lessIsBetter;
    }
}
