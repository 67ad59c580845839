package dev.fairlead.transport.linux.netlink;

import dev.fairlead.model.Cidr;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A route of table {@code local} that makes every address of a block this machine's ("AnyIP").
 *
 * @param source with which address this machine's own processes dial the block; absent = with the one dialled
 * @param metric 1 or more. The kernel's own routes have 0 and go first; what else it means is up to who adds the route
 */
public record LocalRoute(Cidr block, Optional<InetAddress> source, int metric) {
    @Override
    public String toString() {
        return "local " + block + " dev lo metric " + metric
                + source.map(ip -> " src " + ip.getHostAddress()).orElse("");
    }
}
