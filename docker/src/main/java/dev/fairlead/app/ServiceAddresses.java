package dev.fairlead.app;

import dev.fairlead.app.Wiring.Unavailable;
import dev.fairlead.app.privilege.Feature;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.config.ProxyConfig.Addresses;
import dev.fairlead.listen.AnyIpVip;
import dev.fairlead.listen.FreeBindVip;
import dev.fairlead.listen.MachineAddresses;
import dev.fairlead.listen.NftOtherPorts;
import dev.fairlead.listen.OtherPorts;
import dev.fairlead.listen.PortMapVip;
import dev.fairlead.listen.SteeredAddresses;
import dev.fairlead.listen.VipBinder;
import dev.fairlead.model.Cidr;
import dev.fairlead.transport.linux.Capability;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.netlink.NetlinkFailure;
import dev.fairlead.transport.linux.SystemCommand;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How service addresses become this machine's: the way that was asked for, or the best that works here. */
final class ServiceAddresses {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceAddresses.class);

    private ServiceAddresses() {
    }

    /** The interfaces' addresses; empty where this system cannot say. */
    static Optional<MachineAddresses> machine() {
        if (Kernel.unavailable().isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MachineAddresses());
        } catch (NetlinkFailure failure) {
            LOG.warn("the addresses of this machine's interfaces are not known, and the Node's count for NodePorts: {}",
                    failure.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Makes the configured blocks this machine's where that is the way.
     *
     * @param machine whose changes may take routes away
     * @param oneDoor keeps other processes from answering where it is present
     * @throws Unavailable when the way was asked for by name and cannot be had here
     */
    static VipBinder open(ProxyConfig settings, Optional<MachineAddresses> machine, Optional<SteeredAddresses> oneDoor)
            throws Unavailable {
        Addresses addresses = settings.addresses();
        return switch (addresses.choice()) {
            case AUTO -> best(settings, machine, oneDoor);
            case ANYIP -> {
                if (!mayOwn()) {
                    throw new Unavailable("serviceAddresses: anyip cannot be had here: it takes the capability"
                            + " NET_ADMIN, which is not held (expected: NET_ADMIN, or auto, freebind, loopback or"
                            + " given)");
                }
                try {
                    yield anyIp(settings, machine, oneDoor, "as configured");
                } catch (NetlinkFailure | UnsupportedOperationException failure) {
                    throw new Unavailable("serviceAddresses: anyip cannot be had here: " + failure.getMessage(),
                            failure);
                }
            }
            case FREEBIND -> freeBind("as configured");
            case LOOPBACK -> {
                say("loopback", "as configured: what is not this machine's is served at 127.0.0.1 and ::1");
                yield new PortMapVip();
            }
            case GIVEN -> {
                say("given", "as configured: nothing is done about them");
                yield VipBinder.GIVEN;
            }
        };
    }

    private static VipBinder best(ProxyConfig settings, Optional<MachineAddresses> machine,
            Optional<SteeredAddresses> oneDoor) {
        if (settings.kubernetes().isEmpty()) {
            // Files may say anything: nobody asked for a change of the machine.
            return VipBinder.GIVEN;
        }
        if (!mayOwn()) {
            return freeBind("a cluster is followed, and anyip needs the capability NET_ADMIN");
        }
        try {
            return anyIp(settings, machine, oneDoor, "a cluster is followed, and NET_ADMIN is held");
        } catch (NetlinkFailure | UnsupportedOperationException failure) {
            return freeBind("a cluster is followed, and anyip cannot be had: " + failure.getMessage());
        }
    }

    private static boolean mayOwn() {
        return Feature.SERVICE_ADDRESSES.by(Capability.effective()).isPresent();
    }

    private static VipBinder freeBind(String why) {
        say("freebind", why + "; somebody else must bring their packets here");
        return new FreeBindVip();
    }

    private static VipBinder anyIp(ProxyConfig settings, Optional<MachineAddresses> machine,
            Optional<SteeredAddresses> oneDoor, String why) throws NetlinkFailure {
        List<Cidr> blocks = settings.services().serviceCidrs();
        AnyIpVip binder = AnyIpVip.open(
                new AnyIpVip.Wishes(blocks, settings.services().nodeAddresses(), settings.addresses().keep()),
                otherPorts(settings.addresses(), oneDoor, blocks));
        machine.ifPresent(changes -> changes.onChange(binder::addressesChanged));
        String owned = blocks.isEmpty()
                ? "one by one, since no serviceCIDRs are configured"
                : blocks.stream().map(Cidr::toString).collect(Collectors.joining(", ")) + ", others one by one";
        say("anyip", owned + " (" + why + ")");
        return binder;
    }

    /** What keeps others from answering; says where nothing does. */
    private static OtherPorts otherPorts(Addresses addresses, Optional<SteeredAddresses> oneDoor,
            List<Cidr> blocks) {
        if (addresses.othersAnswer()) {
            return OtherPorts.ANSWER;
        }
        if (oneDoor.isPresent()) {
            return oneDoor.get();
        }
        Optional<SystemCommand> nft = NftOtherPorts.command();
        if (nft.isEmpty()) {
            LOG.warn("a process of this machine that listens at 0.0.0.0 or [::] answers at service addresses too, since"
                    + " the command nft is not installed (expected: the package nftables)");
            return OtherPorts.ANSWER;
        }
        NftOtherPorts refusing = new NftOtherPorts(nft.get(), blocks);
        if (!blocks.isEmpty()) {
            try {
                refusing.install();
            } catch (IOException failure) {
                LOG.warn(
                        "a process of this machine that listens at 0.0.0.0 or [::] answers at service addresses too: {}",
                        failure.getMessage());
            }
        }
        return refusing;
    }

    private static void say(String way, String why) {
        LOG.info("addresses  {}: {}", way, why);
    }
}
