package dev.fairlead.source;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.ServicePolicy;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What the translator must know beside the objects.
 *
 * @param nodeName whose view is made; absent = nothing is local
 * @param nodeAddresses the node's own, the primary of each family first; empty = those of the Node object's status
 * @param defaults the policy of services that say nothing
 * @param serviceProxyName serve only Services labelled with this name; absent = only those without the label
 * @param nodePorts on which addresses node ports are served
 * @param pods which sources are pods
 * @param serviceCidrs where ClusterIPs come from; empty = not known
 * @param masqueradeAll as in kube-proxy, which would hide every source that dials a ClusterIP
 */
public record TranslationSettings(Optional<String> nodeName, List<InetAddress> nodeAddresses, ServicePolicy defaults,
        Optional<String> serviceProxyName, NodePorts nodePorts, FeatureGates gates, PodDetection pods,
        List<Cidr> serviceCidrs, boolean masqueradeAll) {
    /** What holds where nothing is said. */
    public static final TranslationSettings DEFAULTS = new TranslationSettings(Optional.empty(), List.of(),
            ServicePolicy.DEFAULTS, Optional.empty(), NodePorts.ANYWHERE, FeatureGates.DEFAULTS, PodDetection.NONE,
            List.of(), false);

    public TranslationSettings {
        nodeAddresses = List.copyOf(nodeAddresses);
        serviceCidrs = List.copyOf(serviceCidrs);
    }

    /**
     * Where node ports are served.
     *
     * @param addresses CIDRs, {@code primary}, {@code localhost} or {@code all}; a family that none of them is about
     *     has all of its addresses
     * @param localhost whether "all" in IPv4 has 127.0.0.1, as kube-proxy's iptables.localhostNodePorts says
     */
    public record NodePorts(List<String> addresses, boolean localhost) {
        public static final NodePorts ANYWHERE = new NodePorts(List.of(), true);

        public NodePorts {
            addresses = List.copyOf(addresses);
        }
    }

    public TranslationSettings withNodeName(Optional<String> value) {
        return new TranslationSettings(value, nodeAddresses, defaults, serviceProxyName, nodePorts, gates, pods,
                serviceCidrs, masqueradeAll);
    }

    public TranslationSettings withNodeAddresses(List<InetAddress> value) {
        return new TranslationSettings(nodeName, value, defaults, serviceProxyName, nodePorts, gates, pods,
                serviceCidrs, masqueradeAll);
    }

    public TranslationSettings withDefaults(ServicePolicy value) {
        return new TranslationSettings(nodeName, nodeAddresses, value, serviceProxyName, nodePorts, gates, pods,
                serviceCidrs, masqueradeAll);
    }

    public TranslationSettings withServiceProxyName(Optional<String> value) {
        return new TranslationSettings(nodeName, nodeAddresses, defaults, value, nodePorts, gates, pods, serviceCidrs,
                masqueradeAll);
    }

    public TranslationSettings withNodePorts(NodePorts value) {
        return new TranslationSettings(nodeName, nodeAddresses, defaults, serviceProxyName, value, gates, pods,
                serviceCidrs, masqueradeAll);
    }

    public TranslationSettings withGates(FeatureGates value) {
        return new TranslationSettings(nodeName, nodeAddresses, defaults, serviceProxyName, nodePorts, value, pods,
                serviceCidrs, masqueradeAll);
    }

    /** The same with another view of the network around. */
    public TranslationSettings withNetwork(PodDetection podSources, List<Cidr> services, boolean hideAll) {
        return new TranslationSettings(nodeName, nodeAddresses, defaults, serviceProxyName, nodePorts, gates,
                podSources, services, hideAll);
    }
}
