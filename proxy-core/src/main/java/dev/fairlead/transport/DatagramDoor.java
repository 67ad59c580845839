package dev.fairlead.transport;

import dev.fairlead.model.IpPort;

/**
 * The UDP sockets of one address, one for each loop where the kernel can tell clients apart: a client's datagrams
 * always come to the same loop. Any thread.
 */
public interface DatagramDoor {
    /** What it is bound to; the port is the real one also where any free one was asked for. */
    IpPort address();

    /**
     * Returns when the sockets are closed: later datagrams are answered by ICMP port unreachable. Every flow that came
     * through is told ({@link FlowCallback#doorClosed}) and closed. Idempotent.
     */
    void close();
}
