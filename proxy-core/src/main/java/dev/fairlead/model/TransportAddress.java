package dev.fairlead.model;

import java.util.Comparator;

/**
 * A protocol, an address and a port: what a socket is bound to. Written {@code 10.96.0.10:53/UDP}; TCP, which most are,
 * goes without saying: {@code 10.96.0.10:80}.
 */
public record TransportAddress(Protocol protocol, IpPort address) implements Comparable<TransportAddress> {
    private static final Comparator<TransportAddress> ORDER = Comparator.comparing(TransportAddress::address)
            .thenComparing(TransportAddress::protocol);

    public static TransportAddress tcp(IpPort address) {
        return new TransportAddress(Protocol.TCP, address);
    }

    public static TransportAddress udp(IpPort address) {
        return new TransportAddress(Protocol.UDP, address);
    }

    @Override
    public int compareTo(TransportAddress other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return protocol == Protocol.TCP ? address.toString() : address + "/" + protocol;
    }
}
