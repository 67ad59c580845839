package dev.fairlead.model;

import java.util.List;

/**
 * The expected node-local state, complete; the only thing sources produce. Equal snapshots make an empty plan.
 *
 * @param ports sorted by name, each once
 * @param skipped Services that are not proxied, each once
 * @param notes what a reader should know about the input: values that were skipped, conflicts and who won
 */
public record ServiceSnapshot(NodeIdentity node, List<ServicePort> ports, List<SkippedService> skipped,
        List<String> notes) {
    public static final ServiceSnapshot EMPTY = new ServiceSnapshot(NodeIdentity.NONE, List.of(), List.of(), List.of());

    public ServiceSnapshot {
        ports = List.copyOf(ports);
        skipped = List.copyOf(skipped);
        notes = List.copyOf(notes);
    }
}
