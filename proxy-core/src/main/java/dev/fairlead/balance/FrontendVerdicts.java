package dev.fairlead.balance;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.SourceKind;
import dev.fairlead.model.TrafficPolicy;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a service port's frontends do with a connection, by its kind and by where the connection comes from. The rules
 * are those of kube-proxy's iptables/proxier.go and nftables/proxier.go. Pure.
 */
public final class FrontendVerdicts {
    private FrontendVerdicts() {
    }

    /**
     * The verdict for a source that {@link #admitted} lets in. Without any endpoint it is REJECT whoever comes, so that
     * this is asked first.
     */
    public static Verdict of(ServicePort port, UsableEndpoints usable, FrontendKind kind, SourceKind source) {
        if (!usable.hasAny()) {
            return new Verdict.Reject(port.endpoints().isEmpty()
                    ? "the service port has no endpoint"
                    : "none of the service port's endpoints is ready, or serving while terminating");
        }
        return switch (kind.scope()) {
            case INTERNAL -> byPolicy("internalTrafficPolicy", port.internalPolicy(), usable);
            case EXTERNAL -> shortCircuit(port, source)
                    ? cluster(usable, "externalTrafficPolicy Local: a " + source
                            + " goes to endpoints anywhere, as if it came from behind the load balancer")
                    : byPolicy("externalTrafficPolicy", port.externalPolicy(), usable);
        };
    }

    /** Whether pods and the node itself go elsewhere than sources outside. */
    private static boolean shortCircuit(ServicePort port, SourceKind source) {
        return port.externalPolicy() == TrafficPolicy.LOCAL && source != SourceKind.EXTERNAL;
    }

    private static Verdict byPolicy(String field, TrafficPolicy policy, UsableEndpoints usable) {
        return switch (policy) {
            case CLUSTER -> cluster(usable, field + " Cluster");
            case LOCAL -> {
                List<Endpoint> local = usable.local().orElse(List.of());
                yield local.isEmpty()
                        ? new Verdict.Drop(field + " Local, and no endpoint on this node may be used")
                        : new Verdict.Forward(EndpointSet.LOCAL, local, field + " Local");
            }
        };
    }

    private static Verdict cluster(UsableEndpoints usable, String why) {
        List<Endpoint> cluster = usable.cluster().orElse(List.of());
        return cluster.isEmpty()
                ? new Verdict.Drop(why + ", and no endpoint may be used")
                : new Verdict.Forward(EndpointSet.CLUSTER, cluster, why);
    }

    /** Whether a source may come, by what {@link #admitted} says. Allocates nothing: it is asked at every accept. */
    public static boolean admits(List<Cidr> admitted, InetAddress source) {
        if (admitted.isEmpty()) {
            return true;
        }
        for (int i = 0; i < admitted.size(); i++) {
            if (admitted.get(i).contains(source)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The sources that may come, others are dropped; empty = all. Only load-balancer IPs have ranges. A node whose
     * primary address is in range may also come from the load balancer's own address, since a load balancer's address
     * that is local to the node is what the node's kernel takes as its source then.
     */
    public static List<Cidr> admitted(ServicePort port, NodeIdentity node, FrontendKind kind) {
        return switch (kind) {
            case CLUSTER_IP, NODE_PORT, EXTERNAL_IP -> List.of();
            case LOAD_BALANCER -> {
                List<Cidr> ranges = port.sourceRanges();
                Optional<InetAddress> primary = node.primary(port.name().family());
                boolean nodeToo = primary.filter(ip -> ranges.stream().anyMatch(range -> range.contains(ip)))
                        .isPresent();
                if (!nodeToo) {
                    yield ranges;
                }
                List<Cidr> all = new ArrayList<>(ranges);
                for (InetAddress vip : port.addresses().loadBalancerVips()) {
                    all.add(new Cidr(vip, IpFamily.of(vip).bits()));
                }
                yield List.copyOf(all);
            }
        };
    }
}
