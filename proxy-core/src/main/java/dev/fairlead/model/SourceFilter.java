package dev.fairlead.model;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whose packets a door takes. Those of others vanish as if nobody were there, so that whoever sent them tries again: a
 * load balancer may not know yet that this node has no endpoint, and who is not allowed need not learn what is here.
 *
 * @param conditions a source must lie in some block of each; none = everybody is taken
 */
public record SourceFilter(List<List<Cidr>> conditions) {
    public static final SourceFilter EVERYBODY = new SourceFilter(List.of());
    public static final SourceFilter NOBODY = new SourceFilter(List.of(List.of()));

    public SourceFilter {
        conditions = conditions.stream().map(List::copyOf).toList();
    }

    public boolean takes(InetAddress source) {
        return conditions.stream().allMatch(blocks -> blocks.stream().anyMatch(block -> block.contains(source)));
    }

    /** {@code everybody}, {@code nobody}, or the blocks: {@code 10.0.0.0/8 192.168.0.2/32}. */
    @Override
    public String toString() {
        if (conditions.isEmpty()) {
            return "everybody";
        }
        if (conditions.stream().anyMatch(List::isEmpty)) {
            return "nobody";
        }
        return conditions.stream().map(blocks -> blocks.stream().map(Cidr::toString).collect(Collectors.joining(" ")))
                .collect(Collectors.joining(", and of those "));
    }
}
