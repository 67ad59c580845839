package dev.fairlead.source;

/** Somewhere the world is learned. Level-triggered: always the full state, never events. */
public interface ServiceSource extends AutoCloseable {
    /** Begins to deliver; called once. The first offer comes only when the state is complete. */
    void start(SnapshotSink sink);

    /** No offer comes after this returns. */
    @Override
    void close();
}
