package dev.fairlead.model;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * One pod address as discovered, with the conditions already defaulted (nil ready and serving are true, nil terminating
 * is false).
 *
 * @param nodeName the node it runs on, where the slice says so
 * @param zoneHints {@code hints.forZones}, empty where there are none
 * @param nodeHints {@code hints.forNodes}, empty where there are none
 * @param aside whether an operator keeps newcomers from it, which no source says
 */
public record Endpoint(IpPort address, boolean ready, boolean serving, boolean terminating, Optional<String> nodeName,
        Set<String> zoneHints, Set<String> nodeHints, boolean aside) implements Comparable<Endpoint> {

    public Endpoint {
        zoneHints = Set.copyOf(zoneHints);
        nodeHints = Set.copyOf(nodeHints);
    }

    /** As a source says it. */
    public Endpoint(IpPort address, boolean ready, boolean serving, boolean terminating, Optional<String> nodeName,
            Set<String> zoneHints, Set<String> nodeHints) {
        this(address, ready, serving, terminating, nodeName, zoneHints, nodeHints, false);
    }

    /** A ready endpoint that nothing more is known of. */
    public static Endpoint ready(IpPort address) {
        return new Endpoint(address, true, true, false, Optional.empty(), Set.of(), Set.of());
    }

    /** The same one, which goes on serving whom it serves and is to get nobody new. */
    public Endpoint setAside() {
        return new Endpoint(address, false, serving, false, nodeName, zoneHints, nodeHints, true);
    }

    public Readiness readiness() {
        if (ready) {
            return Readiness.READY;
        }
        return serving && terminating ? Readiness.DRAINING : Readiness.NOT_READY;
    }

    @Override
    public int compareTo(Endpoint other) {
        return Comparator.comparing(Endpoint::address).compare(this, other);
    }
}
