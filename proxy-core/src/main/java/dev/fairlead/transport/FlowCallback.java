package dev.fairlead.transport;

import dev.fairlead.model.Termination.Cause;

/** What a flow reports. Called on its loop. What one of these throws is logged and costs this flow alone. */
public interface FlowCallback {
    /**
     * The client sent a datagram to a flow that is disconnected. Whoever connects the flow before this returns has it
     * passed on; otherwise it is dropped. The flow may be closed, too.
     */
    void wanted();

    /** The endpoint's first reply is about to be passed on. */
    void replied();

    /** As many replies as were asked for have been passed on. */
    void answered();

    /**
     * The endpoint cannot be reached: ICMP says so. The flow is to be disconnected or closed before this returns.
     *
     * @param cause REFUSED (nobody listens there) or UNREACHABLE
     * @param detail the kernel's word
     */
    void unreachable(Cause cause, String detail);

    /** The door has closed; the flow is closed when this returns. */
    void doorClosed();
}
