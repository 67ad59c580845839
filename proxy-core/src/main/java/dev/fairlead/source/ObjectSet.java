package dev.fairlead.source;

import java.util.List;

/** All objects that a source knows, in any order. */
public record ObjectSet(List<ServiceObject> services, List<SliceObject> slices, List<NodeObject> nodes) {
    public static final ObjectSet EMPTY = new ObjectSet(List.of(), List.of(), List.of());

    public ObjectSet {
        services = List.copyOf(services);
        slices = List.copyOf(slices);
        nodes = List.copyOf(nodes);
    }
}
