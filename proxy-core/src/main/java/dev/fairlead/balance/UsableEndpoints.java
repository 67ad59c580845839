package dev.fairlead.balance;

import dev.fairlead.model.Endpoint;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.TrafficPolicy;
import java.util.List;
import java.util.Optional;

/**
 * The endpoints of one service port that this node may use: the result of {@link EndpointSelection}.
 *
 * @param cluster for connections under policy Cluster; absent = this port never uses it, empty = used and there is none
 * @param local for connections under policy Local; absent and empty as above
 * @param hasAny whether any endpoint anywhere in the cluster is ready, or serving and terminating
 * @param uses every endpoint of the port, sorted, with what it is used for and why
 */
public record UsableEndpoints(Optional<List<Endpoint>> cluster, Optional<List<Endpoint>> local, boolean hasAny,
        List<Use> uses) {
    /**
     * One endpoint's part.
     *
     * @param why in words for a reader
     */
    public record Use(Endpoint endpoint, boolean inCluster, boolean inLocal, String why) {
    }

    /** The set that connections of one scope go to, by the port's policy for it. */
    public List<Endpoint> forScope(ServicePort port, FrontendKind.Scope scope) {
        TrafficPolicy policy = switch (scope) {
            case INTERNAL -> port.internalPolicy();
            case EXTERNAL -> port.externalPolicy();
        };
        return switch (policy) {
            case CLUSTER -> cluster.orElse(List.of());
            case LOCAL -> local.orElse(List.of());
        };
    }
}
