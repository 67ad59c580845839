package dev.fairlead.balance;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.TransportAddress;
import java.net.InetAddress;

/** A connection, or a UDP client's exchange, before anybody has decided about it. */
public record Flow(Protocol protocol, InetAddress source, IpPort destination) {
    /** The door that it knocks at. */
    public TransportAddress door() {
        return new TransportAddress(protocol, destination);
    }
}
