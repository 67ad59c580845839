package dev.fairlead.semantics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which endpoints a service port may use: two sets, each absent where the port never uses it.
 *
 * @param clusterBy how the cluster set came about, for counting: {@code ready}, {@code zone}, {@code node} (both only
 *     where they left somebody out), {@code terminating} or {@code nobody}
 * @param localBy the same for the local set
 * @param hasAny whether anything anywhere could serve
 */
record ModelSets(Optional<List<ModelEndpoint>> cluster, String clusterBy, Optional<List<ModelEndpoint>> local,
        String localBy, boolean hasAny) {
    static final String TERMINATING = "terminating";

    /** The sets of a port on a node; {@code nodeHints} is the feature gate. */
    static ModelSets of(ModelPort port, ModelNode node, boolean nodeHints) {
        List<ModelEndpoint> ready = new ArrayList<>();
        List<ModelEndpoint> leaving = new ArrayList<>();
        for (ModelEndpoint endpoint : port.endpoints()) {
            if (endpoint.ready()) {
                ready.add(endpoint);
            } else if (endpoint.servesWhileTerminating()) {
                leaving.add(endpoint);
            }
        }
        boolean usesCluster = !port.internalLocal() || port.externallyAccessible();
        boolean usesLocal = port.internalLocal() || (port.externalLocal() && port.externallyAccessible());

        String topology = topology(ready, node, nodeHints);
        List<ModelEndpoint> cluster = fitting(ready, node, topology);
        String clusterBy = cluster.size() < ready.size() ? topology : "ready";
        if (cluster.isEmpty()) {
            cluster = leaving;
            clusterBy = leaving.isEmpty() ? "nobody" : TERMINATING;
        }
        List<ModelEndpoint> local = onThisNode(ready);
        String localBy = "ready";
        if (local.isEmpty()) {
            local = onThisNode(leaving);
            localBy = local.isEmpty() ? "nobody" : TERMINATING;
        }
        return new ModelSets(usesCluster ? Optional.of(cluster) : Optional.empty(), clusterBy,
                usesLocal ? Optional.of(local) : Optional.empty(), localBy, !ready.isEmpty() || !leaving.isEmpty());
    }

    /** Which hints narrow the cluster set: {@code node}, {@code zone}, or {@code ""} for none. */
    private static String topology(List<ModelEndpoint> ready, ModelNode node, boolean nodeHints) {
        boolean allForNodes = true;
        boolean oneForThisNode = false;
        boolean allForZones = true;
        boolean oneForThisZone = false;
        for (ModelEndpoint endpoint : ready) {
            allForNodes &= !endpoint.nodeHints().isEmpty();
            oneForThisNode |= forNode(endpoint, node);
            allForZones &= !endpoint.zoneHints().isEmpty();
            oneForThisZone |= forZone(endpoint, node);
        }
        if (nodeHints && allForNodes && oneForThisNode) {
            return "node";
        }
        return allForZones && oneForThisZone ? "zone" : "";
    }

    private static List<ModelEndpoint> fitting(List<ModelEndpoint> ready, ModelNode node, String topology) {
        List<ModelEndpoint> fitting = new ArrayList<>();
        for (ModelEndpoint endpoint : ready) {
            boolean fits = switch (topology) {
                case "node" -> forNode(endpoint, node);
                case "zone" -> forZone(endpoint, node);
                default -> true;
            };
            if (fits) {
                fitting.add(endpoint);
            }
        }
        return fitting;
    }

    private static boolean forNode(ModelEndpoint endpoint, ModelNode node) {
        return node.name().isPresent() && endpoint.nodeHints().contains(node.name().get());
    }

    private static boolean forZone(ModelEndpoint endpoint, ModelNode node) {
        return !node.zone().isEmpty() && endpoint.zoneHints().contains(node.zone());
    }

    private static List<ModelEndpoint> onThisNode(List<ModelEndpoint> endpoints) {
        List<ModelEndpoint> found = new ArrayList<>();
        for (ModelEndpoint endpoint : endpoints) {
            if (endpoint.local()) {
                found.add(endpoint);
            }
        }
        return found;
    }
}
