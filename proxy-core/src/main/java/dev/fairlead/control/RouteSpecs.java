package dev.fairlead.control;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.model.Cidr;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.table.RouteSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the routes should be, by what the world should be. Pure; equal snapshots make equal lists. */
public final class RouteSpecs {
    private static final Comparator<ServicePort> BY_NAME = Comparator.comparing(ServicePort::name);

    private RouteSpecs() {
    }

    /**
     * One spec for each kind of frontend of each TCP service port, sorted by service port, then kind. No two share a
     * frontend: an address that is two kinds at once (an external IP that the load balancer announces too) belongs to
     * the kind that comes first, as kube-proxy's rules are ordered.
     */
    public static List<RouteSpec> of(ServiceSnapshot snapshot) {
        List<RouteSpec> specs = new ArrayList<>();
        Set<IpPort> taken = new HashSet<>();
        snapshot.ports().stream().filter(port -> port.name().protocol() == Protocol.TCP).sorted(BY_NAME)
                .forEach(port -> add(port, snapshot.node(), taken, specs));
        return List.copyOf(specs);
    }

    private static void add(ServicePort port, NodeIdentity node, Set<IpPort> taken, List<RouteSpec> specs) {
        UsableEndpoints usable = EndpointSelection.select(port, node);
        for (FrontendKind kind : FrontendKind.values()) {
            List<IpPort> frontends = port.frontends().stream()
                    .filter(frontend -> frontend.kind() == kind && frontend.protocol() == Protocol.TCP)
                    .map(Frontend::address).sorted().filter(taken::add).toList();
            if (!frontends.isEmpty()) {
                List<IpPort> candidates = usable.forScope(port, kind.scope()).stream().map(Endpoint::address).distinct()
                        .sorted().toList();
                specs.add(new RouteSpec(port.name(), kind, frontends, candidates, port.affinity(),
                        sourceRanges(port, kind), port.policy()));
            }
        }
    }

    private static List<Cidr> sourceRanges(ServicePort port, FrontendKind kind) {
        return switch (kind) {
            case LOAD_BALANCER -> port.sourceRanges();
            case CLUSTER_IP, NODE_PORT, EXTERNAL_IP -> List.of();
        };
    }

    /** The service ports that no spec is made for, sorted by name. */
    public static List<UnservedPort> unserved(ServiceSnapshot snapshot) {
        List<UnservedPort> unserved = new ArrayList<>();
        snapshot.ports().stream().sorted(BY_NAME).forEach(port -> {
            List<IpPort> frontends = port.frontends().stream().map(Frontend::address).distinct().sorted().toList();
            switch (port.name().protocol()) {
                case TCP -> {
                }
                case UDP -> unserved.add(new UnservedPort(port.name(), frontends, "UDP is not served yet"));
                case SCTP -> unserved.add(new UnservedPort(port.name(), frontends, "SCTP is not served"));
            }
        });
        return List.copyOf(unserved);
    }
}
