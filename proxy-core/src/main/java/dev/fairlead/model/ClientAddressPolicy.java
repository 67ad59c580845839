package dev.fairlead.model;

import java.net.InetAddress;
import java.util.List;

/**
 * Who a connection's client is, and who is told.
 *
 * @param announced the header in which TCP endpoints are told the client's address
 * @param trusted load balancers, whose TCP connections begin with a PROXY protocol header that says who the client is;
 *     empty = there are none
 * @param transparency which endpoints see the client's address as that of their peer
 */
public record ClientAddressPolicy(ProxyProtocol announced, List<Cidr> trusted, Transparency transparency) {
    /** Who connects is the client, and endpoints are told nothing. */
    public static final ClientAddressPolicy DEFAULTS = new ClientAddressPolicy(ProxyProtocol.OFF, List.of(),
            Transparency.OFF);

    public ClientAddressPolicy {
        trusted = List.copyOf(trusted);
    }

    /** Whether connections from there begin with a header. Allocates nothing where nobody is trusted. */
    public boolean trusts(InetAddress peer) {
        for (int i = 0; i < trusted.size(); i++) {
            if (trusted.get(i).contains(peer)) {
                return true;
            }
        }
        return false;
    }

    public ClientAddressPolicy withAnnounced(ProxyProtocol value) {
        return new ClientAddressPolicy(value, trusted, transparency);
    }

    public ClientAddressPolicy withTrusted(List<Cidr> value) {
        return new ClientAddressPolicy(announced, value, transparency);
    }

    public ClientAddressPolicy withTransparency(Transparency value) {
        return new ClientAddressPolicy(announced, trusted, value);
    }
}
