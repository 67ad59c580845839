package dev.fairlead.semantics;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One service port of one family as the model sees it.
 *
 * @param internalLocal whether the effective internal policy is Local
 * @param externalLocal whether the effective external policy is Local
 * @param affinity {@code "None"}, or the timeout in seconds
 */
record ModelPort(String namespace, String service, String port, String protocol, Ip clusterIp, int number,
        int nodePort, List<Ip> externalIps, List<Ip> vips, List<Block> ranges, boolean internalLocal,
        boolean externalLocal, String affinity, int healthCheckNodePort, List<ModelEndpoint> endpoints) {
    /** In which order service ports get an address that several ask for in one way. */
    static final Comparator<ModelPort> ORDER = Comparator.comparing(ModelPort::namespace)
            .thenComparing(ModelPort::service).thenComparing(ModelPort::port).thenComparing(ModelPort::protocol)
            .thenComparing(port -> port.clusterIp().family());

    /**
     * One address that leads here.
     *
     * @param rank who wins where several lead from one address: the smaller
     */
    record Door(int rank, String kind, Ip ip, int number) {
        @Override
        public String toString() {
            return kind + " " + ip.with(number);
        }
    }

    String label() {
        return namespace + "/" + service + (port.isEmpty() ? "" : ":" + port);
    }

    String fullName() {
        return label() + " " + protocol + " " + clusterIp.family();
    }

    String policies() {
        return (internalLocal ? "Local" : "Cluster") + "/" + (externalLocal ? "Local" : "Cluster");
    }

    boolean externallyAccessible() {
        return nodePort != 0 || !vips.isEmpty() || !externalIps.isEmpty();
    }

    Set<Door> doors(ModelNode node) {
        Set<Door> doors = new LinkedHashSet<>();
        doors.add(new Door(0, Model.CLUSTER_IP, clusterIp, number));
        for (Ip vip : vips) {
            doors.add(new Door(1, Model.LOAD_BALANCER, vip, number));
        }
        if (nodePort != 0) {
            for (Ip ip : node.nodePortAddresses(clusterIp.bits())) {
                doors.add(new Door(2, Model.NODE_PORT, ip, nodePort));
            }
        }
        for (Ip ip : externalIps) {
            doors.add(new Door(3, Model.EXTERNAL_IP, ip, number));
        }
        return doors;
    }
}
