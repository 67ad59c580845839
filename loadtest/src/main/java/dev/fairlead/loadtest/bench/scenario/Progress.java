package dev.fairlead.loadtest.bench.scenario;

/** Told what is being done. */
public interface Progress {
    /** A scenario begins; it is over after about so many seconds. */
    void begin(String scenario, double seconds);

    /** What is done now, such as {@code haproxy-1, round 2 of 5}. */
    void step(String what);

    /** Something that a reader should know at once. */
    void note(String text);
}
