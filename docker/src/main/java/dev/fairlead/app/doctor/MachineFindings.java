package dev.fairlead.app.doctor;

import dev.fairlead.listen.SessionRoom;
import dev.fairlead.transport.DatagramDoor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the kernel's limits mean for a proxy. Pure. */
final class MachineFindings {
    private static final long FEW_CONNECTIONS = 4096;
    private static final long FEW_PORTS = 20_000;
    private static final long SHORT_QUEUE = 1024;
    private static final double NEARLY_FULL = 0.8;

    private MachineFindings() {
    }

    static List<Finding> of(MachineFacts facts) {
        List<Finding> findings = new ArrayList<>();
        facts.descriptors().ifPresentOrElse(limit -> findings.add(descriptors(limit)),
                () -> findings.add(Finding.fine("descriptors", "any number")));
        facts.localPorts().ifPresent(ports -> findings.add(ports(ports)));
        facts.acceptQueue().ifPresent(queue -> findings.add(queue < SHORT_QUEUE
                ? Finding.note("accept queue", queue + " connections may wait at an address, a burst of more is lost",
                        "sysctl -w net.core.somaxconn=4096")
                : Finding.fine("accept queue", number(queue) + " connections may wait at an address")));
        facts.receiveBuffer().ifPresent(bytes -> findings.add(bytes < DatagramDoor.RECEIVE_BUFFER
                ? Finding.note("UDP buffers",
                        number(bytes) + " bytes may wait at a UDP address, a burst of more is lost",
                        "sysctl -w net.core.rmem_max=" + DatagramDoor.RECEIVE_BUFFER + ", or give it NET_ADMIN")
                : Finding.fine("UDP buffers", number(bytes) + " bytes may wait at a UDP address")));
        if (facts.tracked().isPresent() && facts.trackable().isPresent()) {
            findings.add(tracking(facts.tracked().getAsLong(), facts.trackable().getAsLong()));
        }
        return findings;
    }

    private static Finding descriptors(long limit) {
        long connections = new SessionRoom(limit, 0).connections(0);
        String says = number(limit) + ": room for " + number(connections) + " connections";
        return connections < FEW_CONNECTIONS
                ? Finding.note("descriptors", says,
                        "raise the limit: ulimit -n 65536, or LimitNOFILE=65536 in the unit")
                : Finding.fine("descriptors", says);
    }

    private static Finding ports(long ports) {
        String says = number(ports) + " local ports: as many connections at a time to one endpoint";
        return ports < FEW_PORTS
                ? Finding.note("local ports", says, "sysctl -w net.ipv4.ip_local_port_range=\"10240 65535\"")
                : Finding.fine("local ports", says);
    }

    private static Finding tracking(long tracked, long most) {
        String says = number(tracked) + " of " + number(most) + " tracked connections";
        return most > 0 && tracked > NEARLY_FULL * most
                ? Finding.problem("conntrack", says + ": when it is full, new connections are dropped",
                        "sysctl -w net.netfilter.nf_conntrack_max=" + 2 * most)
                : Finding.fine("conntrack", says);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
