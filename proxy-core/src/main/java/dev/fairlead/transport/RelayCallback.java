package dev.fairlead.transport;

/** What a relay reports. Called on its loop. */
public interface RelayCallback {
    /** One direction is done: its FIN was passed on after everything before it was delivered. The other goes on. */
    void halfClosed(Direction direction);

    /** Both connections are closed; called exactly once unless {@link Relay#reset} came first. */
    void ended(RelayEnd end);
}
