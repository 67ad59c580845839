package dev.fairlead.transport;

import dev.fairlead.model.IpPort;

/**
 * The UDP sockets of one address, one for each loop where the kernel can tell clients apart: a client's datagrams
 * always come to the same loop. Any thread.
 */
public interface DatagramDoor {
    /**
     * The bytes that may wait at each of its sockets, where the system gives as many: some 2,700 small datagrams, as
     * the kernel counts. What it gives unasked holds 277, which come in 8 ms at a rate that a loop can well serve.
     * Memory is taken only by what waits.
     */
    int RECEIVE_BUFFER = 1 << 20;

    /** What it is bound to; the port is the real one also where any free one was asked for. */
    IpPort address();

    /**
     * Returns when the sockets are closed: later datagrams are answered by ICMP port unreachable. Every flow that came
     * through is told ({@link FlowCallback#doorClosed}) and closed. Idempotent.
     */
    void close();
}
