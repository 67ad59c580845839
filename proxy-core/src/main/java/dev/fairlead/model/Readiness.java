package dev.fairlead.model;

/** The three conditions of an EndpointSlice endpoint, collapsed once. */
public enum Readiness {
    /** Takes new connections. An endpoint that is ready and terminating is this too (publishNotReadyAddresses). */
    READY,
    /** Serving and terminating: takes new connections only where nothing is ready (KEP-1669). */
    DRAINING,
    /** Never takes new connections. */
    NOT_READY
}
