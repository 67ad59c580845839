package dev.fairlead.transport.linux.netlink;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.transport.linux.Errno;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The local routes that Fairlead adds. They carry a protocol number of their own, so that they are known again after a
 * crash: {@code ip route show table local proto 70}. Any thread.
 */
public final class LocalRoutes implements AutoCloseable {
    /** The protocol number; /etc/iproute2/rt_protos has no other meaning for it. */
    public static final int PROTOCOL = 70;

    // include/uapi/linux/rtnetlink.h
    private static final int NEW_ROUTE = 24;
    private static final int DELETE_ROUTE = 25;
    private static final int GET_ROUTE = 26;
    private static final int TABLE_LOCAL = 255;
    private static final int TYPE_LOCAL = 2;
    private static final int SCOPE_HOST = 254;
    private static final int DESTINATION = 1;
    private static final int OUTGOING_INTERFACE = 4;
    private static final int PRIORITY = 6;
    private static final int PREFERRED_SOURCE = 7;
    private static final int BODY = 12;
    // The first interface of every network namespace.
    private static final int LO = 1;
    // Addresses of documentation: whatever is routed there takes the default route.
    private static final Map<IpFamily, InetAddress> FAR_AWAY = Map.of(IpFamily.IPV4,
            IpText.parse("192.0.2.1").orElseThrow(), IpFamily.IPV6, IpText.parse("2001:db8::1").orElseThrow());

    private final NetlinkSocket socket;

    public LocalRoutes() throws NetlinkFailure {
        socket = new NetlinkSocket(NetlinkSocket.ROUTE, 0);
    }

    /** Adds one; one of the same block and metric that is there stays. */
    public synchronized void add(LocalRoute route) throws NetlinkFailure {
        Request request = request(NEW_ROUTE, Request.ACK | Request.CREATE | Request.EXCLUSIVE, route)
                .attribute(PRIORITY, route.metric());
        route.source().ifPresent(ip -> request.attribute(PREFERRED_SOURCE, ip));
        try {
            socket.execute("add the route " + route, List.of(request));
        } catch (NetlinkFailure failure) {
            if (failure.errno() != Errno.EEXIST) {
                throw failure;
            }
        }
    }

    /** Removes one of ours; one that is not there is gone already. */
    public synchronized void remove(LocalRoute route) throws NetlinkFailure {
        try {
            socket.execute("remove the route " + route,
                    List.of(request(DELETE_ROUTE, Request.ACK, route).attribute(PRIORITY, route.metric())));
        } catch (NetlinkFailure failure) {
            if (failure.errno() != Errno.ESRCH) {
                throw failure;
            }
        }
    }

    private static Request request(int type, int flags, LocalRoute route) {
        Cidr block = route.block();
        boolean four = block.family() == IpFamily.IPV4;
        return new Request(type, flags).byteOf(family(block.family())).byteOf(block.prefix()).byteOf(0).byteOf(0)
                .byteOf(TABLE_LOCAL).byteOf(PROTOCOL).byteOf(four ? SCOPE_HOST : 0).byteOf(TYPE_LOCAL).intOf(0)
                .attribute(DESTINATION, block.base()).attribute(OUTGOING_INTERFACE, LO);
    }

    /** Those with our protocol number, of both families. */
    public synchronized List<LocalRoute> list() throws NetlinkFailure {
        List<LocalRoute> ours = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            Request request = new Request(GET_ROUTE, Request.DUMP).byteOf(family(family)).byteOf(0).byteOf(0).byteOf(0)
                    .intOf(0).intOf(0);
            for (Reply reply : socket.list("list the routes", request)) {
                if (reply.byteAt(4) == TABLE_LOCAL && reply.byteAt(5) == PROTOCOL && reply.byteAt(7) == TYPE_LOCAL) {
                    route(reply).ifPresent(ours::add);
                }
            }
        }
        return ours;
    }

    private static Optional<LocalRoute> route(Reply reply) {
        Map<Integer, ByteBuffer> attributes = reply.attributes(BODY);
        int metric = Optional.ofNullable(attributes.get(PRIORITY)).map(value -> value.getInt(0)).orElse(0);
        return Reply.address(attributes, DESTINATION).map(base -> new LocalRoute(new Cidr(base, reply.byteAt(1)),
                Reply.address(attributes, PREFERRED_SOURCE), metric));
    }

    /** Whether an address is this machine's, by whatever made it so. */
    public boolean isLocal(InetAddress address) throws NetlinkFailure {
        return lookUp(address).filter(reply -> reply.byteAt(7) == TYPE_LOCAL).isPresent();
    }

    /**
     * The address with which this machine dials far away; where it has no way there, the first that is neither loopback
     * nor link-local; empty where there is none.
     */
    public Optional<InetAddress> ownAddress(IpFamily family) throws NetlinkFailure {
        Optional<InetAddress> farAway = lookUp(FAR_AWAY.getOrDefault(family, InetAddress.getLoopbackAddress()))
                .flatMap(reply -> Reply.address(reply.attributes(BODY), PREFERRED_SOURCE));
        return farAway.isPresent() ? farAway : firstAddress(family);
    }

    private synchronized Optional<InetAddress> firstAddress(IpFamily family) throws NetlinkFailure {
        return AddressWatch.list(socket).stream().map(InterfaceAddress::address)
                .filter(ip -> IpFamily.of(ip) == family && !ip.isLoopbackAddress() && !ip.isLinkLocalAddress())
                .findFirst();
    }

    private synchronized Optional<Reply> lookUp(InetAddress address) throws NetlinkFailure {
        IpFamily family = IpFamily.of(address);
        Request request = new Request(GET_ROUTE, 0).byteOf(family(family)).byteOf(family.bits()).byteOf(0).byteOf(0)
                .intOf(0).intOf(0).attribute(DESTINATION, address);
        try {
            return Optional.of(socket.ask("look up the route to " + IpText.format(address), request));
        } catch (NetlinkFailure failure) {
            return switch (failure.errno()) {
                case Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EINVAL, Errno.EACCES -> Optional.empty();
                default -> throw failure;
            };
        }
    }

    /** AF_INET or AF_INET6. */
    static int family(IpFamily family) {
        return family == IpFamily.IPV4 ? 2 : 10;
    }

    @Override
    public synchronized void close() {
        socket.close();
    }
}
