package dev.fairlead.forward;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.BroughtFlow;

/**
 * A UDP flow between two processes.
 *
 * @param frontend where its client sends to
 * @param endpoint to which its socket is connected
 * @param flow its client and its sockets
 * @param heard whether the endpoint has ever answered
 * @param replies how often
 */
public record FlowInHand(TransportAddress frontend, IpPort endpoint, BroughtFlow flow, boolean heard, long replies) {
}
