package dev.fairlead.transport;

import dev.fairlead.model.IpPort;
import java.util.List;

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
     * Its sockets', in the order in which they were bound; valid while it is open. None where it does not show them.
     */
    List<Integer> descriptors();

    /**
     * Leaves everything in the kernel's queues, what clients send and what endpoints answer. Returns when nothing is
     * read any more. What is closed from now on is closed in this process alone. Not on a loop.
     */
    void pause();

    /** The end of {@link #pause}, and the beginning of a door that was adopted. Not on a loop. Idempotent. */
    void resume();

    /**
     * Meets a client that another process knew: who wants it connects the flow to the endpoint to which its socket is
     * connected already. Returns at once; done before a {@link #resume} that follows.
     */
    void bring(BroughtFlow flow, DatagramAcceptor taker);

    /**
     * Returns when the sockets are closed: later datagrams are answered by ICMP port unreachable. Every flow that came
     * through is told ({@link FlowCallback#doorClosed}) and closed. Idempotent.
     */
    void close();
}
