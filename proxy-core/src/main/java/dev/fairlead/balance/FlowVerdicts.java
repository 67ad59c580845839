package dev.fairlead.balance;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SourceKind;
import dev.fairlead.model.TransportAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of flows under one snapshot. Pure: an answer depends on the snapshot, the source and the destination
 * alone. The table that event loops read is made of the same {@link FrontendVerdicts}.
 */
public final class FlowVerdicts {
    private record Owner(ServicePort port, FrontendKind kind) {
    }

    private final ServiceSnapshot snapshot;
    private final SourceKinds sources;
    private final Map<TransportAddress, Owner> doors = new HashMap<>();
    private final Set<InetAddress> serviceAddresses = new HashSet<>();

    public FlowVerdicts(ServiceSnapshot snapshot) {
        this.snapshot = snapshot;
        this.sources = SourceKinds.of(snapshot.node(), snapshot.network());
        for (ServicePort port : snapshot.ports()) {
            for (FrontendKind kind : FrontendKind.values()) {
                port.frontends().stream().filter(frontend -> frontend.kind() == kind)
                        .forEach(frontend -> add(port, frontend));
            }
        }
        serviceAddresses.removeAll(Set.copyOf(snapshot.node().addresses()));
    }

    private void add(ServicePort port, Frontend frontend) {
        doors.putIfAbsent(frontend.door(), new Owner(port, frontend.kind()));
        if (frontend.kind() != FrontendKind.NODE_PORT) {
            serviceAddresses.add(frontend.address().ip());
        }
    }

    /** The verdict on one flow; where many are asked for, one instance answers them faster. */
    public static FlowVerdict of(ServiceSnapshot snapshot, Flow flow) {
        return new FlowVerdicts(snapshot).of(flow);
    }

    /** The verdict on one flow. */
    public FlowVerdict of(Flow flow) {
        SourceKind source = sources.of(flow.source());
        List<String> why = new ArrayList<>();
        why.add(sourceWords(flow.source(), source));
        Owner owner = doors.get(flow.door());
        if (owner == null) {
            Verdict verdict = elsewhere(flow.destination());
            why.add(verdict.why());
            return new FlowVerdict(source, verdict, Optional.empty(), false, why);
        }
        ServicePort port = owner.port();
        why.add(flow.destination() + " is a " + owner.kind() + " of " + port.name());
        Verdict verdict = captured(owner, source, flow.source());
        why.add(verdict.why());
        boolean kept = switch (verdict) {
            case Verdict.Forward forward -> kept(owner, source, flow.source(), forward, why);
            case Verdict.Reject _,Verdict.Drop _,Verdict.NotCaptured _ -> false;
        };
        return new FlowVerdict(source, verdict, Optional.of(new FlowVerdict.Hit(port.name(), owner.kind())), kept, why);
    }

    private String sourceWords(InetAddress address, SourceKind kind) {
        String text = IpText.format(address);
        IpFamily family = IpFamily.of(address);
        return switch (kind) {
            case POD -> text + " is a pod, by the pod addresses of this cluster";
            case NODE -> text + " is this node";
            case EXTERNAL -> snapshot.network().detectsPods(family)
                    ? text + " is neither a pod nor this node"
                    : text + " is not this node, and which addresses are pods is not known (expected: clusterCIDR)";
        };
    }

    private Verdict captured(Owner owner, SourceKind source, InetAddress address) {
        Verdict verdict = FrontendVerdicts.of(owner.port(), EndpointSelection.select(owner.port(), snapshot.node()),
                owner.kind(), source);
        if (verdict instanceof Verdict.Reject) {
            return verdict;
        }
        List<Cidr> admitted = FrontendVerdicts.admitted(owner.port(), snapshot.node(), owner.kind());
        return FrontendVerdicts.admits(admitted, address)
                ? verdict
                : new Verdict.Drop(IpText.format(address) + " lies in none of loadBalancerSourceRanges");
    }

    /**
     * Where no service port is. kube-proxy's iptables mode leaves such flows alone, its nftables mode refuses other
     * ports of a ClusterIP and drops what goes to unused addresses; a node that owns an address refuses.
     */
    private Verdict elsewhere(IpPort destination) {
        if (serviceAddresses.contains(destination.ip())) {
            return new Verdict.Reject(IpText.format(destination.ip())
                    + " belongs to a service which has no such port, so nothing listens there");
        }
        boolean serviceCidr = snapshot.network().serviceCidrs().stream()
                .anyMatch(block -> block.contains(destination.ip()));
        return serviceCidr
                ? new Verdict.Reject(IpText.format(destination.ip())
                        + " lies in serviceCIDRs and belongs to no service, so nothing listens there")
                : new Verdict.NotCaptured("no service has " + destination);
    }

    private boolean kept(Owner owner, SourceKind source, InetAddress address, Verdict.Forward forward,
            List<String> why) {
        boolean hairpin = forward.endpoints().stream().allMatch(endpoint -> endpoint.address().ip().equals(address));
        if (hairpin) {
            why.add("kube-proxy would hide the source, since "
                    + (forward.endpoints().size() == 1
                            ? "the only endpoint is the source"
                            : "all endpoints have its address"));
            return false;
        }
        String reason = masquerade(owner, source);
        why.add(reason.isEmpty()
                ? "kube-proxy would keep the source; from Fairlead the endpoint sees an address of this node, as long as"
                        + " services cannot be transparent"
                : "kube-proxy would hide the source: " + reason);
        return reason.isEmpty();
    }

    /** Why kube-proxy would masquerade; {@code ""} where it would not. */
    private String masquerade(Owner owner, SourceKind source) {
        return switch (owner.kind().scope()) {
            case INTERNAL -> {
                if (snapshot.network().masqueradeAll()) {
                    yield "masqueradeAll";
                }
                boolean detects = snapshot.network().detectsPods(owner.port().name().family());
                yield detects && source != SourceKind.POD ? "it is not a pod, and dials a ClusterIP" : "";
            }
            case EXTERNAL -> switch (owner.port().externalPolicy()) {
                case CLUSTER -> "externalTrafficPolicy Cluster";
                case LOCAL -> source == SourceKind.NODE ? "it is this node" : "";
            };
        };
    }
}
