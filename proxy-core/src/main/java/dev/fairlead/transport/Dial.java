package dev.fairlead.transport;

/** An attempt to connect that is under way. Confined to its loop. */
public interface Dial {
    /** Gives up; the outcome is not delivered. Does nothing when it was already delivered. */
    void cancel();
}
