package dev.fairlead.listen;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpFamily;
import dev.fairlead.transport.linux.bpf.Steering;
import dev.fairlead.transport.linux.bpf.SteeringFailure;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that are all the proxy's, by the program behind the one door: what no door has of them is refused,
 * whoever listens. An address of this machine's own is never among them, and neither is a block that holds one, since
 * that would shut the machine off. Any thread.
 */
public final class SteeredAddresses implements OtherPorts {
    private static final Logger LOG = LoggerFactory.getLogger(SteeredAddresses.class);

    private final Steering steering;
    private final Set<Cidr> wanted;
    private final Set<Cidr> owned = new HashSet<>();
    private final Set<Cidr> told = new HashSet<>();
    private boolean alone;

    /**
     * None is ours before {@link #alone}: a predecessor's sockets answer at them until it lets go.
     *
     * @param blocks where ClusterIPs come from; others come one by one
     */
    public SteeredAddresses(Steering steering, List<Cidr> blocks) {
        this.steering = steering;
        this.wanted = new LinkedHashSet<>(blocks);
    }

    /** The program, and what it is told. */
    public Steering steering() {
        return steering;
    }

    /** No other process serves at these addresses: from now on they are ours. */
    public synchronized void alone() {
        alone = true;
        look();
    }

    /** The addresses of this machine's interfaces may be others now. */
    public synchronized void look() {
        if (!alone) {
            return;
        }
        List<InetAddress> machine = machine();
        for (Cidr block : wanted) {
            settle(block, machine.stream().noneMatch(block::contains));
        }
    }

    @Override
    public synchronized void refuseAt(InetAddress address) {
        Cidr block = single(address);
        if (wanted.add(block) && alone) {
            settle(block, !isMachines(address));
        }
    }

    private void settle(Cidr block, boolean free) {
        if (free && owned.add(block)) {
            own(block);
        } else if (!free && owned.remove(block)) {
            disown(block);
        }
        if (!free && told.add(block)) {
            LOG.warn("{} holds an address of this machine's own, so ports there that no Service has stay open"
                    + " (expected in serviceCIDRs: ClusterIPs alone)", block);
        }
    }

    @Override
    public synchronized void leave(InetAddress address) {
        Cidr block = single(address);
        wanted.remove(block);
        told.remove(block);
        if (owned.remove(block)) {
            disown(block);
        }
    }

    private static Cidr single(InetAddress address) {
        return new Cidr(address, IpFamily.of(address).bits());
    }

    private void own(Cidr block) {
        try {
            steering.own(block);
        } catch (SteeringFailure failure) {
            owned.remove(block);
            LOG.warn("processes that listen at 0.0.0.0 or [::] may answer at {}: {}", block, failure.getMessage());
        }
    }

    private void disown(Cidr block) {
        try {
            steering.disown(block);
        } catch (SteeringFailure failure) {
            LOG.warn("ports of {} that no Service has are still refused: {}", block, failure.getMessage());
        }
    }

    private static List<InetAddress> machine() {
        try {
            return NetworkInterface.networkInterfaces().filter(SteeredAddresses::isMachines)
                    .flatMap(NetworkInterface::inetAddresses).toList();
        } catch (SocketException none) {
            return List.of();
        }
    }

    private static boolean isMachines(InetAddress address) {
        try {
            NetworkInterface device = NetworkInterface.getByInetAddress(address);
            return device != null && isMachines(device);
        } catch (SocketException none) {
            return false;
        }
    }

    private static boolean isMachines(NetworkInterface device) {
        return !device.getName().equals(MachineAddresses.SERVICES_OF_IPVS);
    }
}
