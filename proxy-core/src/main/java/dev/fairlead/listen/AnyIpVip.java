package dev.fairlead.listen;

import dev.fairlead.listen.ArpSilence.Setting;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.DoorPlace;
import dev.fairlead.transport.OpenFailure;
import dev.fairlead.transport.linux.netlink.LocalRoute;
import dev.fairlead.transport.linux.netlink.LocalRoutes;
import dev.fairlead.transport.linux.netlink.NetlinkFailure;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes addresses this machine's by local routes ("AnyIP"): one for each block that ClusterIPs come from, and one for
 * every other address of a frontend that is not this machine's already, as long as somebody uses it. Routes that an
 * earlier run left behind are used again. Any thread.
 */
public final class AnyIpVip implements VipBinder {
    private static final Logger LOG = LoggerFactory.getLogger(AnyIpVip.class);
    // Beside those of single addresses, which remember something.
    private static final int BLOCK_METRIC = 70;

    /**
     * What is wanted.
     *
     * @param blocks where ClusterIPs come from; may be none
     * @param nodeAddresses with which this machine's processes dial services, the first of each family; of a family
     *     without one the address with which the machine dials far away
     * @param keep whether routes stay after a clean stop
     */
    public record Wishes(List<Cidr> blocks, List<InetAddress> nodeAddresses, boolean keep) {
        public Wishes {
            blocks = List.copyOf(blocks);
            nodeAddresses = List.copyOf(nodeAddresses);
        }
    }

    private final Wishes wishes;
    private final OtherPorts others;
    private final LocalRoutes routes;
    private final ArpSilence arp = new ArpSilence();
    // What is there, by whom it is wanted, and what an earlier run left and nobody has asked for yet.
    private final Map<Cidr, LocalRoute> held = new HashMap<>();
    private final Map<InetAddress, Integer> users = new HashMap<>();
    private final Map<Cidr, LocalRoute> leftovers = new HashMap<>();
    private boolean alone = true;
    // As it was before the first single route; present while there is one.
    private Optional<Setting> arpBefore = Optional.empty();

    private AnyIpVip(Wishes wishes, OtherPorts others, LocalRoutes routes) {
        this.wishes = wishes;
        this.others = others;
        this.routes = routes;
    }

    /**
     * Makes the blocks this machine's.
     *
     * @param others told of every address that is made ours one by one; closed with this
     * @throws NetlinkFailure where the kernel will not; nothing is left then
     */
    public static AnyIpVip open(Wishes wishes, OtherPorts others) throws NetlinkFailure {
        LocalRoutes routes = new LocalRoutes();
        AnyIpVip binder = new AnyIpVip(wishes, others, routes);
        try {
            binder.begin();
            return binder;
        } catch (NetlinkFailure failure) {
            binder.close();
            throw failure;
        }
    }

    private synchronized void begin() throws NetlinkFailure {
        for (LocalRoute left : routes.list()) {
            leftovers.put(left.block(), left);
        }
        arpBefore = remembered(leftovers.values().stream());
        for (Cidr block : wishes.blocks()) {
            hold(new LocalRoute(block, source(block.family()), BLOCK_METRIC));
        }
    }

    /** What ARP was like before the first of our routes to a single address; empty where there is none. */
    static Optional<Setting> remembered(Stream<LocalRoute> ours) {
        return ours.filter(route -> isSingle(route) && route.block().family() == IpFamily.IPV4)
                .map(route -> Setting.ofMetric(route.metric())).findFirst();
    }

    private static boolean isSingle(LocalRoute route) {
        return route.metric() != BLOCK_METRIC;
    }

    /** Adds a route, or takes an equal one over that is there. */
    private void hold(LocalRoute wanted) throws NetlinkFailure {
        LocalRoute left = leftovers.remove(wanted.block());
        if (left != null && !left.equals(wanted)) {
            routes.remove(left);
        }
        routes.add(wanted);
        held.put(wanted.block(), wanted);
    }

    private Optional<InetAddress> source(IpFamily family) throws NetlinkFailure {
        Optional<InetAddress> configured = wishes.nodeAddresses().stream().filter(ip -> IpFamily.of(ip) == family)
                .findFirst();
        // One that the machine does not have just now would have the route refused.
        return configured.isPresent() && routes.isLocal(configured.get())
                ? configured
                : routes.ownAddress(family).filter(ip -> !ip.isLoopbackAddress() && !ip.isLinkLocalAddress());
    }

    @Override
    public synchronized Lease acquire(TransportAddress frontend) throws OpenFailure {
        InetAddress ip = frontend.address().ip();
        DoorPlace anywhere = DoorPlace.foreign(frontend.address());
        if (ip.isAnyLocalAddress() || ip.isLoopbackAddress()) {
            return Lease.of(frontend.address());
        }
        if (wishes.blocks().stream().anyMatch(block -> block.contains(ip))) {
            return Lease.of(List.of(anywhere));
        }
        try {
            if (!users.containsKey(ip) && !leftovers.containsKey(single(ip)) && routes.isLocal(ip)) {
                return Lease.of(frontend.address());
            }
            if (!users.containsKey(ip)) {
                begin(ip);
            }
        } catch (NetlinkFailure failure) {
            throw new OpenFailure(IpText.format(ip) + " cannot be made this machine's: " + failure.getMessage(),
                    failure);
        }
        users.merge(ip, 1, Integer::sum);
        return Lease.of(anywhere, () -> release(ip));
    }

    private void begin(InetAddress ip) throws NetlinkFailure {
        IpFamily family = IpFamily.of(ip);
        Setting before = arpBefore.orElseGet(arp::read);
        if (family == IpFamily.IPV4) {
            arp.silence(before);
        }
        others.refuseAt(ip);
        try {
            hold(new LocalRoute(single(ip), source(family), before.metric()));
        } catch (NetlinkFailure failure) {
            others.leave(ip);
            if (family == IpFamily.IPV4 && arpBefore.isEmpty()) {
                arp.restore(before);
            }
            throw failure;
        }
        if (family == IpFamily.IPV4) {
            arpBefore = Optional.of(before);
        }
    }

    private static Cidr single(InetAddress ip) {
        return new Cidr(ip, IpFamily.of(ip).bits());
    }

    private synchronized void release(InetAddress ip) {
        Integer left = users.computeIfPresent(ip, (_, count) -> count == 1 ? null : count - 1);
        if (left == null) {
            LocalRoute route = held.remove(single(ip));
            if (route != null && !alone) {
                leftovers.put(route.block(), route); // somebody else may need it
            } else if (route != null) {
                forget(route);
                others.leave(ip);
                restoreArp();
            }
        }
    }

    private void forget(LocalRoute route) {
        try {
            routes.remove(route);
        } catch (NetlinkFailure failure) {
            LOG.warn("{}; fairlead cleanup removes it", failure.getMessage());
        }
    }

    private void restoreArp() {
        Stream<LocalRoute> all = Stream.concat(held.values().stream(), leftovers.values().stream());
        if (arpBefore.isPresent() && remembered(all).isEmpty()) {
            arp.restore(arpBefore.get());
            arpBefore = Optional.empty();
        }
    }

    @Override
    public synchronized void alone(boolean value) {
        alone = value;
    }

    @Override
    public synchronized void settled() {
        if (!alone) {
            return;
        }
        leftovers.values().forEach(this::forget);
        leftovers.clear();
        restoreArp();
    }

    /**
     * The addresses of this machine's interfaces are others now: with one that left, the kernel took the routes away
     * that have it as their source.
     */
    public synchronized void addressesChanged() {
        try {
            Set<LocalRoute> there = new HashSet<>(routes.list());
            for (LocalRoute route : List.copyOf(held.values())) {
                LocalRoute wanted = new LocalRoute(route.block(), source(route.block().family()), route.metric());
                if (there.contains(wanted)) {
                    continue;
                }
                if (there.contains(route)) {
                    routes.remove(route);
                }
                routes.add(wanted);
                held.put(wanted.block(), wanted);
            }
        } catch (NetlinkFailure failure) {
            LOG.warn("after a change of this machine's addresses: {}", failure.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        if (!wishes.keep() && alone) {
            held.values().forEach(this::forget);
            leftovers.values().forEach(this::forget);
            held.clear();
            leftovers.clear();
            restoreArp();
            others.close();
        }
        routes.close();
    }
}
