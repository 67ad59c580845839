package dev.fairlead.source;

import java.util.List;
import java.util.Map;

/**
 * The fields of a {@code v1 Node} that routing needs.
 *
 * @param podCidrs {@code spec.podCIDRs}
 * @param taints keys of {@code spec.taints}
 * @param deleting whether it has a {@code metadata.deletionTimestamp}
 */
public record NodeObject(String name, Map<String, String> labels, List<Address> addresses,
        List<String> podCidrs, List<String> taints, boolean deleting) {
    public NodeObject {
        labels = Map.copyOf(labels);
        addresses = List.copyOf(addresses);
        podCidrs = List.copyOf(podCidrs);
        taints = List.copyOf(taints);
    }

    /** A node that stays. */
    public static NodeObject staying(String name, Map<String, String> labels, List<Address> addresses,
            List<String> podCidrs) {
        return new NodeObject(name, labels, addresses, podCidrs, List.of(), false);
    }

    /**
     * One of {@code status.addresses}.
     *
     * @param type {@code InternalIP}, {@code ExternalIP}, {@code Hostname}, ...
     */
    public record Address(String type, String address) {
    }
}
