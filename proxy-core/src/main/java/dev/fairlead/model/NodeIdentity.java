package dev.fairlead.model;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Who "local" is.
 *
 * @param name compared with an endpoint's nodeName; absent = nothing is local
 * @param zone the node's {@code topology.kubernetes.io/zone}; absent matches no hint
 * @param addresses the node's own, the first of each family is the primary
 */
public record NodeIdentity(Optional<String> name, Optional<String> zone, List<InetAddress> addresses) {
    public static final NodeIdentity NONE = new NodeIdentity(Optional.empty(), Optional.empty(), List.of());

    public NodeIdentity {
        addresses = List.copyOf(addresses);
    }

    /** The node's address in a family that counts where only one can; empty where it has none. */
    public Optional<InetAddress> primary(IpFamily family) {
        return addresses.stream().filter(ip -> IpFamily.of(ip) == family).findFirst();
    }

    public boolean isLocal(Endpoint endpoint) {
        return name.isPresent() && endpoint.nodeName().equals(name);
    }
}
