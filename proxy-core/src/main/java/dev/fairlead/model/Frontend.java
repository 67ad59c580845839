package dev.fairlead.model;

import java.util.Comparator;

/** One address clients dial. */
public record Frontend(FrontendKind kind, Protocol protocol, IpPort address) implements Comparable<Frontend> {
    private static final Comparator<Frontend> ORDER = Comparator.comparing(Frontend::address)
            .thenComparing(Frontend::protocol).thenComparing(Frontend::kind);

    /** What a socket is bound to for it. */
    public TransportAddress door() {
        return new TransportAddress(protocol, address);
    }

    @Override
    public int compareTo(Frontend other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return protocol + " " + address;
    }
}
