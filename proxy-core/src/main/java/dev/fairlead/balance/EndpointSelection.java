package dev.fairlead.balance;

import dev.fairlead.balance.UsableEndpoints.Use;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.Readiness;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which endpoints of a service port this node may use, and why: kube-proxy's CategorizeEndpoints. Pure.
 *
 * <p>
 * Two sets, each of which falls back on its own from ready endpoints to serving and terminating ones (KEP-1669): the
 * cluster set, narrowed by hints, and the local set, which hints never touch.
 */
public final class EndpointSelection {
    private final NodeIdentity node;
    private final Topology topology;
    private final boolean anyReady;
    private final boolean anyReadyHere;

    private EndpointSelection(NodeIdentity node, List<Endpoint> endpoints) {
        this.node = node;
        List<Endpoint> ready = endpoints.stream().filter(e -> e.readiness() == Readiness.READY).toList();
        this.topology = Topology.of(ready, node);
        this.anyReady = !ready.isEmpty();
        this.anyReadyHere = ready.stream().anyMatch(node::isLocal);
    }

    /** The endpoints that a node may use for a service port. */
    public static UsableEndpoints select(ServicePort port, NodeIdentity node) {
        return new EndpointSelection(node, port.endpoints()).select(port);
    }

    private UsableEndpoints select(ServicePort port) {
        boolean external = port.addresses().externallyAccessible();
        boolean internalLocal = port.internalPolicy() == TrafficPolicy.LOCAL;
        boolean usesCluster = !internalLocal || external;
        boolean usesLocal = internalLocal || (external && port.externalPolicy() == TrafficPolicy.LOCAL);

        List<Endpoint> cluster = new ArrayList<>();
        List<Endpoint> local = new ArrayList<>();
        List<Use> uses = new ArrayList<>();
        for (Endpoint endpoint : port.endpoints()) {
            Verdict clusterVerdict = clusterVerdict(endpoint);
            Verdict localVerdict = localVerdict(endpoint);
            boolean inCluster = usesCluster && clusterVerdict.usable();
            boolean inLocal = usesLocal && localVerdict.usable();
            if (inCluster) {
                cluster.add(endpoint);
            }
            if (inLocal) {
                local.add(endpoint);
            }
            uses.add(new Use(endpoint, inCluster, inLocal,
                    state(endpoint) + reason(endpoint, usesCluster, usesLocal, clusterVerdict, localVerdict)));
        }
        boolean hasAny = port.endpoints().stream()
                .anyMatch(e -> e.readiness() != Readiness.NOT_READY || keepsFlows(port, e));
        return new UsableEndpoints(usesCluster ? Optional.of(List.copyOf(cluster)) : Optional.empty(),
                usesLocal ? Optional.of(List.copyOf(local)) : Optional.empty(), hasAny, List.copyOf(uses));
    }

    /**
     * A TCP connection goes on when its door is shut, a UDP flow does not: where an operator keeps newcomers from all
     * endpoints, the door stays open for the flows that there are, and newcomers get no answer.
     */
    private static boolean keepsFlows(ServicePort port, Endpoint endpoint) {
        return endpoint.aside() && endpoint.serving() && port.name().protocol() == Protocol.UDP;
    }

    private Verdict clusterVerdict(Endpoint endpoint) {
        return switch (endpoint.readiness()) {
            case READY -> topologyVerdict(endpoint);
            // Topology is ignored in the fallback.
            case DRAINING -> anyReady ? Verdict.no("others are ready") : Verdict.yes("nothing is ready");
            case NOT_READY -> Verdict.no("");
        };
    }

    private Verdict topologyVerdict(Endpoint endpoint) {
        return switch (topology) {
            case ANYWHERE -> Verdict.yes("");
            case SAME_NODE -> Topology.hinted(node.name(), endpoint.nodeHints())
                    ? Verdict.yes("hinted for this node")
                    : Verdict.no("hinted for " + words(endpoint.nodeHints()));
            case SAME_ZONE -> Topology.hinted(node.zone(), endpoint.zoneHints())
                    ? Verdict.yes("hinted for this node's zone")
                    : Verdict.no("hinted for " + words(endpoint.zoneHints()));
        };
    }

    private static String words(Set<String> hints) {
        return String.join(" and ", new TreeSet<>(hints));
    }

    private Verdict localVerdict(Endpoint endpoint) {
        if (endpoint.readiness() == Readiness.NOT_READY) {
            return Verdict.no("");
        }
        if (node.name().isEmpty()) {
            return Verdict.no("nothing is local, since this node's name is not known");
        }
        if (!node.isLocal(endpoint)) {
            return Verdict.no("not on this node");
        }
        return switch (endpoint.readiness()) {
            case READY -> Verdict.yes("on this node");
            case DRAINING -> anyReadyHere
                    ? Verdict.no("others on this node are ready")
                    : Verdict.yes("nothing on this node is ready");
            case NOT_READY -> Verdict.no("");
        };
    }

    private static String state(Endpoint endpoint) {
        return switch (endpoint.readiness()) {
            case READY -> endpoint.terminating() ? "ready although terminating" : "ready";
            case DRAINING -> "serving and terminating";
            case NOT_READY -> endpoint.terminating() ? "terminating and no longer serving" : "not ready";
        };
    }

    private static String reason(Endpoint endpoint, boolean usesCluster, boolean usesLocal, Verdict cluster,
            Verdict local) {
        if (endpoint.readiness() == Readiness.NOT_READY) {
            return "";
        }
        if (!usesLocal) {
            return cluster.clause();
        }
        return usesCluster ? cluster.clause() + "; policy Local: " + local.why() : local.clause();
    }

    /**
     * What one set does with one endpoint.
     *
     * @param why in words for a reader, empty where there is nothing to add to the endpoint's state
     */
    private record Verdict(boolean usable, String why) {
        static Verdict yes(String why) {
            return new Verdict(true, why);
        }

        static Verdict no(String why) {
            return new Verdict(false, why);
        }

        String clause() {
            if (why.isEmpty()) {
                return "";
            }
            return (usable ? "; " : ", but ") + why;
        }
    }

    /** How hints narrow the ready endpoints. */
    private enum Topology {
        ANYWHERE, SAME_NODE, SAME_ZONE;

        /** A narrower choice is made only where every ready endpoint has hints and this node is left with some. */
        static Topology of(List<Endpoint> ready, NodeIdentity node) {
            if (narrows(ready, node.name(), Endpoint::nodeHints)) {
                return SAME_NODE;
            }
            return narrows(ready, node.zone(), Endpoint::zoneHints) ? SAME_ZONE : ANYWHERE;
        }

        private static boolean narrows(List<Endpoint> ready, Optional<String> here,
                Function<Endpoint, Set<String>> hints) {
            return ready.stream().noneMatch(e -> hints.apply(e).isEmpty())
                    && ready.stream().anyMatch(e -> hinted(here, hints.apply(e)));
        }

        static boolean hinted(Optional<String> here, Set<String> hints) {
            return here.filter(name -> !name.isEmpty()).filter(hints::contains).isPresent();
        }
    }
}
