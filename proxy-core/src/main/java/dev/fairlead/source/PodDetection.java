package dev.fairlead.source;

import dev.fairlead.model.Cidr;
import java.util.List;

/** How pods are told from other sources: kube-proxy's {@code detectLocalMode}, as far as addresses can tell. */
public sealed interface PodDetection {
    /** Nobody is a pod. */
    PodDetection NONE = new ByCidr(List.of());

    /**
     * ClusterCIDR: sources in these blocks are pods.
     *
     * @param blocks empty = nobody is
     */
    record ByCidr(List<Cidr> blocks) implements PodDetection {
        public ByCidr {
            blocks = List.copyOf(blocks);
        }
    }

    /** NodeCIDR: sources in the {@code podCIDRs} of this node's object are pods. */
    record ByNode() implements PodDetection {
    }

    /**
     * BridgeInterface and InterfaceNamePrefix: the interface tells, which a proxy above the kernel does not see.
     *
     * @param mode as configured
     */
    record ByInterface(String mode) implements PodDetection {
    }
}
