package dev.fairlead.source;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SkippedService;
import dev.fairlead.source.ServiceTranslation.Surroundings;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Objects to the state this node must bring about, by kube-proxy's rules. Pure: equal objects in any order make equal
 * snapshots. What cannot be read is left out with a note; it never takes the rest along.
 */
public final class ServiceTranslator {
    private final PolicyTranslation policies;

    public ServiceTranslator(PolicyWords words) {
        this.policies = new PolicyTranslation(words);
    }

    /** What the objects ask of the node that the settings name. Of two objects of one name the later counts. */
    public ServiceSnapshot translate(ObjectSet objects, TranslationSettings settings) {
        Notes notes = new Notes();
        NodeIdentity node = NodeTranslation.identity(objects.nodes(), settings, notes);
        Map<IpFamily, List<InetAddress>> nodePortAddresses = NodeTranslation.nodePortAddresses(node, settings, notes);
        String nodePortsUnserved = nodePortsUnserved(node, nodePortAddresses);
        SliceTranslation slices = new SliceTranslation(objects.slices(), node, settings, notes);

        List<ServicePort> ports = new ArrayList<>();
        List<SkippedService> skipped = new ArrayList<>();
        for (ServiceObject service : byName(objects.services()).values()) {
            ServiceTranslation translation = new ServiceTranslation(service, notes);
            Optional<String> why = translation.skipped(settings.serviceProxyName());
            if (why.isPresent()) {
                skipped.add(new SkippedService(service.name(), why.get()));
                continue;
            }
            ServicePolicy policy = policies.policy(service, settings.defaults(), notes);
            Surroundings around = new Surroundings(slices, nodePortAddresses, nodePortsUnserved, policy);
            boolean proxied = false;
            for (IpFamily family : IpFamily.values()) {
                Optional<InetAddress> clusterIp = translation.clusterIp(family);
                proxied |= clusterIp.isPresent();
                clusterIp.ifPresent(ip -> ports.addAll(translation.ports(ip, around)));
            }
            if (!proxied) {
                skipped.add(new SkippedService(service.name(), "no clusterIP that can be read"));
            }
        }
        ports.sort(Comparator.comparing(ServicePort::name));
        return new ServiceSnapshot(node, FrontendClaims.settle(ports, notes), skipped, notes.all());
    }

    private static Map<ServiceName, ServiceObject> byName(List<ServiceObject> services) {
        Map<ServiceName, ServiceObject> byName = new TreeMap<>();
        for (ServiceObject service : services) {
            byName.put(service.name(), service);
        }
        return byName;
    }

    /** Why no node port is served at all, empty where some may be. */
    private static String nodePortsUnserved(NodeIdentity node, Map<IpFamily, List<InetAddress>> nodePortAddresses) {
        if (node.addresses().isEmpty()) {
            return "NodePorts are not served, since this node's addresses are not known";
        }
        return nodePortAddresses.values().stream().allMatch(List::isEmpty)
                ? "NodePorts are not served, since no address of this node lies in nodePortAddresses"
                : "";
    }
}
