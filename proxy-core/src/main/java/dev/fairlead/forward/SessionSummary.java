package dev.fairlead.forward;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.Termination;
import dev.fairlead.model.TransportAddress;
import java.util.List;
import java.util.Optional;

/**
 * The life of a TCP connection or of a UDP flow, made once at its end.
 *
 * @param service absent when no service had the frontend any more
 * @param endpoint where it was relayed to; absent when it never was
 * @param pickedBy the balancer's name, {@code affinity}, or {@code ""} when nothing was picked
 * @param failedAttempts endpoints tried in vain, in order, with what each said
 * @param startedEpochMillis wall clock at accept, or at the flow's first datagram
 * @param connectNanos from there to the endpoint's answer, all attempts together: its half of the handshake, or its
 *     first datagram; 0 when there was none
 * @param durationNanos from there to the end
 * @param bytesUp client to endpoint
 * @param bytesDown endpoint to client
 */
public record SessionSummary(Optional<ServicePortName> service, IpPort client, TransportAddress frontend,
        Optional<IpPort> endpoint, String pickedBy, List<FailedAttempt> failedAttempts, long startedEpochMillis,
        long connectNanos, long durationNanos, long bytesUp, long bytesDown, Termination termination) {
    public SessionSummary {
        failedAttempts = List.copyOf(failedAttempts);
    }

    /**
     * One endpoint tried in vain.
     *
     * @param detail the kernel's word
     */
    public record FailedAttempt(IpPort endpoint, Termination.Cause cause, String detail) {
    }
}
