package dev.fairlead.transport;

/** Which way bytes flow. */
public enum Direction {
    /** Client to endpoint. */
    UP,
    /** Endpoint to client. */
    DOWN
}
