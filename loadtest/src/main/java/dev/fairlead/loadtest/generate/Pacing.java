package dev.fairlead.loadtest.generate;

/** When the slots of one share begin their units. Confined to the lane's thread. */
interface Pacing {
    /** This slot may begin a unit, now or when one is due. */
    void ready(Slot slot, long now);

    /** This slot is broken and says {@link #ready} again if it ever recovers. */
    default void gone(Slot slot) {
        // Whoever remembers no slots has none to forget.
    }

    /** Begins, once every slot has had its first chance to connect. */
    default void start(long now) {
        // A closed loop is driven by its slots alone.
    }

    /** Counts the units that are due and have not begun. */
    default void overdue(Tally tally, long now) {
        // In a closed loop nothing is due.
    }

    default void stop() {
        // Nothing runs by itself.
    }
}
