package dev.fairlead.forward;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.TransportAddress;
import java.util.Optional;

/**
 * A TCP connection or a UDP flow as it was at a moment.
 *
 * @param service absent before a route was found
 * @param endpoint where it goes or is trying to go; absent before one was picked
 * @param state in lower case: {@code admitting}, {@code connecting}, {@code relaying}, {@code half closed}; of a flow
 *     {@code unanswered} or {@code relaying}
 * @param nanos since it began
 * @param bytesUp client to endpoint, as of the last second
 * @param bytesDown endpoint to client, as of the last second
 */
public record LiveSession(IpPort client, TransportAddress frontend, Optional<ServicePortName> service,
        Optional<IpPort> endpoint, String state, long nanos, long bytesUp, long bytesDown) {
}
