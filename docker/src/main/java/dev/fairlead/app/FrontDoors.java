package dev.fairlead.app;

import dev.fairlead.app.Wiring.Unavailable;
import dev.fairlead.app.privilege.Feature;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.listen.MachineAddresses;
import dev.fairlead.listen.SessionRoom;
import dev.fairlead.listen.SteeredAddresses;
import dev.fairlead.model.Cidr;
import dev.fairlead.transport.DataPath;
import dev.fairlead.transport.linux.Capability;
import dev.fairlead.transport.linux.bpf.Steering;
import dev.fairlead.transport.linux.bpf.SteeringFailure;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether all TCP addresses share the one door or each has a listening socket of its own: docs/decisions/0016.
 *
 * @param oneDoor present where they share one
 * @param why they do not, in words for a reader; {@code ""} where they do
 */
record FrontDoors(Optional<SteeredAddresses> oneDoor, String why) {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoors.class);

    /**
     * Tries what the settings ask for.
     *
     * @param machine whose addresses must not become the proxy's
     * @throws Unavailable when the one door was asked for and cannot be had here; the data path is closed then
     */
    static FrontDoors of(ProxyConfig settings, Optional<MachineAddresses> machine, DataPath path) throws Unavailable {
        return switch (settings.oneDoor()) {
            case OFF -> apart("as configured");
            case AUTO -> settings.kubernetes().isEmpty()
                    ? apart("no cluster is followed")
                    : attempt(settings, machine, path);
            case ON -> {
                FrontDoors doors = attempt(settings, machine, path);
                if (doors.oneDoor.isEmpty()) {
                    path.close();
                    throw new Unavailable("the one door cannot be had here: " + doors.why
                            + " (expected: oneDoor: auto, or off)");
                }
                yield doors;
            }
        };
    }

    private static FrontDoors apart(String why) {
        return new FrontDoors(Optional.empty(), why);
    }

    private static FrontDoors attempt(ProxyConfig settings, Optional<MachineAddresses> machine, DataPath path) {
        if (!path.showsDescriptors()) {
            return apart("the data path " + path.name() + " does not show its sockets");
        }
        Set<Capability> held = Capability.effective();
        if (Feature.ONE_DOOR.by(held).isEmpty()) {
            return apart("it takes the capabilities NET_ADMIN and BPF, and this process lacks "
                    + Feature.ONE_DOOR.missing(held).stream().map(Capability::name)
                            .collect(Collectors.joining(" and ")));
        }
        List<Cidr> blocks = settings.addresses().othersAnswer() ? List.of() : settings.services().serviceCidrs();
        try {
            SteeredAddresses addresses = new SteeredAddresses(Steering.begin(), blocks);
            machine.ifPresent(changes -> changes.onChange(addresses::look));
            return new FrontDoors(Optional.of(addresses), "");
        } catch (SteeringFailure failure) {
            return apart(String.valueOf(failure.getMessage()));
        }
    }

    /** What it is at start, and what the descriptors are enough for. */
    void tell(SessionRoom room, DataPath path) {
        if (oneDoor.isPresent()) {
            LOG.info("doors      one for all TCP addresses, {} a family; {}",
                    Report.counted(path.loops().size(), "listening socket"), budget(room, ""));
        } else {
            LOG.info("doors      a listening socket for each address ({}); {}", why,
                    budget(room, ", or " + room.doors() + " doors"));
        }
    }

    private static String budget(SessionRoom room, String doors) {
        return room.descriptors() == Long.MAX_VALUE
                ? "any number of descriptors"
                : room.descriptors() + " descriptors: room for " + room.connections(0) + " connections" + doors;
    }
}
