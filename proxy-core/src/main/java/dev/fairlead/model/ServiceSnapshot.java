package dev.fairlead.model;

import java.util.List;

/**
 * The expected node-local state, complete; the only thing sources produce. Equal snapshots make an empty plan.
 *
 * @param network what is around the node
 * @param ports sorted by name, each once; no two have a frontend in common
 * @param skipped Services that are not proxied, each once
 * @param notes what a reader should know about the input: values that were skipped, conflicts and who won
 */
public record ServiceSnapshot(NodeIdentity node, ClusterNetwork network, List<ServicePort> ports,
        List<SkippedService> skipped, List<String> notes) {
    public static final ServiceSnapshot EMPTY = new ServiceSnapshot(NodeIdentity.NONE, ClusterNetwork.UNKNOWN,
            List.of(), List.of(), List.of());

    public ServiceSnapshot {
        ports = List.copyOf(ports);
        skipped = List.copyOf(skipped);
        notes = List.copyOf(notes);
    }

    /** The same state with other service ports. */
    public ServiceSnapshot withPorts(List<ServicePort> value) {
        return new ServiceSnapshot(node, network, value, skipped, notes);
    }

    /** The same state with other notes. */
    public ServiceSnapshot withNotes(List<String> value) {
        return new ServiceSnapshot(node, network, ports, skipped, value);
    }
}
