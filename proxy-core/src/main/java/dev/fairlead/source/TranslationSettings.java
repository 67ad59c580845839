package dev.fairlead.source;

import dev.fairlead.model.ServicePolicy;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the translator must know beside the objects.
 *
 * @param nodeName whose view is made; absent = nothing is local
 * @param defaults the policy of services that say nothing
 * @param nodePortAddresses CIDRs, or {@code primary}; empty = all of the node's addresses
 * @param serviceProxyName serve only Services labelled with this name; absent = only those without the label
 * @param nodeHintsEnabled feature gate PreferSameTrafficDistribution
 * @param nodeAddresses the node's own, the primary of each family first; empty = those of the Node object's status
 */
public record TranslationSettings(Optional<String> nodeName, ServicePolicy defaults, List<String> nodePortAddresses,
        Optional<String> serviceProxyName, boolean nodeHintsEnabled,
        List<InetAddress> nodeAddresses) {
    public TranslationSettings {
        nodePortAddresses = List.copyOf(nodePortAddresses);
        nodeAddresses = List.copyOf(nodeAddresses);
    }
}
