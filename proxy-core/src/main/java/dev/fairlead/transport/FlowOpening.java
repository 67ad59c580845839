package dev.fairlead.transport;

import dev.fairlead.model.Termination.Cause;

/** What came of giving a flow an endpoint. */
public sealed interface FlowOpening {
    /** It has one. Whether anybody listens there is not known yet. */
    record Connected() implements FlowOpening {
        /** The only one needed. */
        public static final Connected INSTANCE = new Connected();
    }

    /**
     * There is no way to that endpoint.
     *
     * @param cause UNREACHABLE or REFUSED
     * @param detail the kernel's word
     */
    record Failed(Cause cause, String detail) implements FlowOpening {
    }

    /**
     * We are out of descriptors, local ports or memory. It says nothing about the endpoint.
     *
     * @param detail the kernel's word
     */
    record Starved(String detail) implements FlowOpening {
    }
}
