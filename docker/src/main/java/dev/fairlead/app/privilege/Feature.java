package dev.fairlead.app.privilege;

import static dev.fairlead.transport.linux.Capability.BPF;
import static dev.fairlead.transport.linux.Capability.DAC_OVERRIDE;
import static dev.fairlead.transport.linux.Capability.DAC_READ_SEARCH;
import static dev.fairlead.transport.linux.Capability.NET_ADMIN;
import static dev.fairlead.transport.linux.Capability.NET_BIND_SERVICE;
import static dev.fairlead.transport.linux.Capability.SYS_ADMIN;

import dev.fairlead.transport.linux.Capability;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What takes a privilege. docs/privileges.md has a row for each, and a test runs each row. */
public enum Feature {
    LOW_PORTS("low ports", "addresses at ports below 1024 do not open"),
    //
    SERVICE_ADDRESSES("service addresses",
            "service addresses are not made this machine's, somebody else must bring their packets here"),
    //
    ONE_DOOR("one door",
            "each address has a listening socket of its own, which a process at 0.0.0.0 keeps from opening"),
    //
    SILENT_DROP("silent drop", "TCP clients that a Service's policy leaves without an answer are accepted and reset"),
    //
    TRANSPARENT("transparent", "endpoints see this node's address and not their clients'"),
    //
    UDP_BUFFERS("UDP buffers",
            "net.core.rmem_max bounds what waits at a UDP address, and a burst may lose datagrams"),
    //
    FILES("files of others", "files that another user keeps for himself are not read again when they change");

    private final String word;
    private final String cost;

    Feature(String word, String cost) {
        this.word = word;
        this.cost = cost;
    }

    /** What it can be had by, the best first. */
    private List<Set<Capability>> ways() {
        return switch (this) {
            case LOW_PORTS -> List.of(Set.of(NET_BIND_SERVICE));
            case SERVICE_ADDRESSES, SILENT_DROP, TRANSPARENT, UDP_BUFFERS -> List.of(Set.of(NET_ADMIN));
            case ONE_DOOR -> List.of(EnumSet.of(NET_ADMIN, BPF), Set.of(SYS_ADMIN));
            case FILES -> List.of(Set.of(DAC_OVERRIDE), Set.of(DAC_READ_SEARCH));
        };
    }

    /** Its name in the log and in the documentation. */
    public String word() {
        return word;
    }

    /** What is so without it, to be said after "without ...: ". */
    String cost() {
        return cost;
    }

    /** The capabilities that it is had by, of those that are held; empty where these are not enough. */
    public Optional<Set<Capability>> by(Set<Capability> held) {
        return ways().stream().filter(held::containsAll).findFirst();
    }

    /** What it takes at best. */
    public Set<Capability> takes() {
        return ways().getFirst();
    }

    /** Of what it takes at best that which is not held; none where it is had in another way. */
    public Set<Capability> missing(Set<Capability> held) {
        Set<Capability> missing = EnumSet.noneOf(Capability.class);
        if (by(held).isEmpty()) {
            missing.addAll(takes());
            missing.removeAll(held);
        }
        return missing;
    }
}
