package dev.fairlead.listen;

import dev.fairlead.source.LocalAddresses;
import dev.fairlead.transport.linux.netlink.AddressWatch;
import dev.fairlead.transport.linux.netlink.InterfaceAddress;
import dev.fairlead.transport.linux.netlink.NetlinkFailure;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of this machine's interfaces on which NodePorts may be served, told live by the kernel. */
public final class MachineAddresses implements LocalAddresses, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineAddresses.class);
    // kube-proxy's ipvs mode keeps the addresses of all Services there; none of them is the node's.
    static final String SERVICES_OF_IPVS = "kube-ipvs0";

    private final AddressWatch watch;
    private final List<Runnable> ears = new CopyOnWriteArrayList<>();

    /** Begins to follow them. */
    public MachineAddresses() throws NetlinkFailure {
        this.watch = AddressWatch.start(this::changed);
    }

    private void changed(List<InterfaceAddress> all) {
        LOG.info("this machine's addresses are now: {}",
                String.join(", ", usable(all).stream().map(InetAddress::getHostAddress).toList()));
        ears.forEach(Runnable::run);
    }

    @Override
    public Optional<List<InetAddress>> now() {
        return Optional.of(usable(watch.now()));
    }

    @Override
    public void onChange(Runnable told) {
        ears.add(told);
    }

    /** A link-local address means nothing without its interface, and nobody dials a NodePort there. */
    static List<InetAddress> usable(List<InterfaceAddress> all) {
        return all.stream().filter(one -> !one.device().equals(SERVICES_OF_IPVS)).map(InterfaceAddress::address)
                .filter(ip -> !ip.isLoopbackAddress() && !ip.isAnyLocalAddress()
                        && !(ip.isLinkLocalAddress() && ip.getAddress().length == 16))
                .distinct().toList();
    }

    @Override
    public void close() {
        watch.close();
    }
}
