package dev.fairlead.table;

import dev.fairlead.balance.SourceKinds;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceKind;
import java.net.InetAddress;
import java.util.List;

/**
 * Endpoints that see their client's own address.
 *
 * @param endpoints sorted, never empty
 * @param sources tells who is this node itself, which comes from its own address as it is
 */
public record KeptClients(List<IpPort> endpoints, SourceKinds sources) {
    public KeptClients {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * Whether a client's connections to an endpoint carry its address. Not where the client is the endpoint: it would
     * answer itself, past us.
     */
    boolean keeps(InetAddress client, IpPort endpoint) {
        return IpFamily.of(client) == endpoint.family() && !client.equals(endpoint.ip())
                && !client.isLinkLocalAddress() && !client.isAnyLocalAddress() && !client.isMulticastAddress()
                && sources.of(client) != SourceKind.NODE && endpoints.contains(endpoint);
    }
}
