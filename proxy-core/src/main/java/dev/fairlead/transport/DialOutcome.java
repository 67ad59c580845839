package dev.fairlead.transport;

import dev.fairlead.model.Termination.Cause;

/** What came of one attempt to connect. */
public sealed interface DialOutcome {
    /** Connected; the receiver owns the connection. */
    record Connected(Connection upstream) implements DialOutcome {
    }

    /**
     * Not connected, by the endpoint's or the network's doing.
     *
     * @param cause REFUSED, TIMEOUT, UNREACHABLE or RESET
     * @param detail the kernel's word
     */
    record Failed(Cause cause, String detail) implements DialOutcome {
    }

    /**
     * Not connected, by our own doing: out of descriptors or of local ports. It says nothing about the endpoint.
     *
     * @param detail the kernel's word
     */
    record Starved(String detail) implements DialOutcome {
    }
}
