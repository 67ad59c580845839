package dev.fairlead.config;

import dev.fairlead.source.NodeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code v1 Node}. */
final class NodeReader {
    private NodeReader() {
    }

    /** A Node as read. */
    record Found(NodeObject node, Place name) {
    }

    /** The Node, or empty after saying why it has no name. */
    static Optional<Found> read(Fields object) {
        List<NodeObject.Address> addresses = new ArrayList<>();
        object.object("status").ifPresent(status -> {
            for (Fields address : status.objects("addresses")) {
                addresses.add(new NodeObject.Address(address.text("type"), address.text("address")));
            }
        });
        List<String> podCidrs = podCidrs(object.object("spec"));
        List<String> taints = object.object("spec").map(spec -> spec.objects("taints")).orElse(List.of()).stream()
                .map(taint -> taint.text("key")).toList();
        boolean deleting = object.object("metadata").flatMap(fields -> fields.value("deletionTimestamp")).isPresent();
        return Metadata.of(object).map(metadata -> new Found(
                new NodeObject(metadata.name(), metadata.labels(), addresses, podCidrs, taints, deleting),
                metadata.place()));
    }

    /** {@code podCIDRs}, of which an old object has the first alone in {@code podCIDR}. */
    private static List<String> podCidrs(Optional<Fields> spec) {
        List<String> blocks = spec.map(fields -> fields.texts("podCIDRs")).orElse(List.of());
        return blocks.isEmpty() ? spec.flatMap(fields -> fields.optionalText("podCIDR")).stream().toList() : blocks;
    }
}
