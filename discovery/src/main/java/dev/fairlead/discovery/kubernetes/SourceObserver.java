package dev.fairlead.discovery.kubernetes;

import dev.fairlead.model.ServiceSnapshot;

/** Who counts what discovery does. Called on its one thread; must not block. What it throws is logged and no more. */
public interface SourceObserver {
    /** Nobody. */
    SourceObserver NONE = new SourceObserver() {
    };

    /** A Service was said to have changed; it waits to be taken. */
    default void serviceChanged() {
    }

    /** An EndpointSlice was said to have changed; it waits to be taken. */
    default void sliceChanged() {
    }

    /**
     * Changes that waited are in this snapshot, which is offered next, unless it is the same object as the one before:
     * then nothing came of them.
     */
    default void taken(ServiceSnapshot snapshot, Changes changes) {
    }
}
