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
        return Metadata.of(object).map(metadata -> new Found(
                new NodeObject(metadata.name(), metadata.labels(), addresses), metadata.place()));
    }
}
