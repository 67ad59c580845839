package dev.fairlead.source;

import java.util.List;
import java.util.Map;

/** The fields of a {@code v1 Node} that routing needs. */
public record NodeObject(String name, Map<String, String> labels, List<Address> addresses) {
    public NodeObject {
        labels = Map.copyOf(labels);
        addresses = List.copyOf(addresses);
    }

    /**
     * One of {@code status.addresses}.
     *
     * @param type {@code InternalIP}, {@code ExternalIP}, {@code Hostname}, ...
     */
    public record Address(String type, String address) {
    }
}
