package dev.fairlead.app.iptables;

import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.ServicePort;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Where rules lead to a service port from: its addresses without those that another service port has been given.
 *
 * @param nodePort 0 = none
 */
record Doors(Optional<InetAddress> clusterIp, List<InetAddress> externalIps, List<InetAddress> vips, int nodePort) {
    Doors {
        externalIps = List.copyOf(externalIps);
        vips = List.copyOf(vips);
    }

    /**
     * The doors of one service port.
     *
     * @param nodeKnown whether NodePorts have addresses at all; where none has, rules serve them all the same
     */
    static Doors of(ServicePort port, boolean nodeKnown) {
        boolean nodePortLost = nodeKnown && addresses(port, FrontendKind.NODE_PORT).isEmpty();
        return new Doors(addresses(port, FrontendKind.CLUSTER_IP).stream().findFirst(),
                addresses(port, FrontendKind.EXTERNAL_IP), addresses(port, FrontendKind.LOAD_BALANCER),
                nodePortLost ? 0 : port.addresses().nodePort());
    }

    private static List<InetAddress> addresses(ServicePort port, FrontendKind kind) {
        return port.frontends().stream().filter(frontend -> frontend.kind() == kind).map(Frontend::address)
                .map(address -> address.ip()).distinct().toList();
    }

    /** Whether any but the ClusterIP is left. */
    boolean external() {
        return !externalIps.isEmpty() || !vips.isEmpty() || nodePort != 0;
    }
}
