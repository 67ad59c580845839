package dev.fairlead.balance;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import java.net.InetAddress;

/** A connection, or a UDP client's exchange, before anybody has decided about it. */
public record Flow(Protocol protocol, InetAddress source, IpPort destination) {
}
