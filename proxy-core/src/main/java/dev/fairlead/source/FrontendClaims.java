package dev.fairlead.source;

import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives every address to one service port only. */
final class FrontendClaims {
    /**
     * Who comes first. What the cluster hands out goes before what a Service may claim for itself: otherwise one
     * namespace could take another's ClusterIP by naming it in externalIPs (CVE-2020-8554).
     */
    private static final List<FrontendKind> PRECEDENCE = List.of(FrontendKind.CLUSTER_IP, FrontendKind.LOAD_BALANCER,
            FrontendKind.NODE_PORT, FrontendKind.EXTERNAL_IP);

    private record Address(Protocol protocol, IpPort address) {
    }

    private record Claim(ServicePortName owner, FrontendKind kind) {
    }

    private final Map<Address, Claim> claims = new HashMap<>();

    /**
     * The same ports without the frontends that others have: of several claims of one kind the first name's counts.
     *
     * @param ports sorted by name
     */
    static List<ServicePort> settle(List<ServicePort> ports, Notes notes) {
        FrontendClaims claims = new FrontendClaims();
        for (FrontendKind kind : PRECEDENCE) {
            for (ServicePort port : ports) {
                for (Frontend frontend : port.frontends()) {
                    if (frontend.kind() == kind) {
                        claims.claim(port.name(), frontend, notes);
                    }
                }
            }
        }
        return ports.stream().map(claims::granted).toList();
    }

    private void claim(ServicePortName name, Frontend frontend, Notes notes) {
        Claim claim = new Claim(name, frontend.kind());
        Claim first = claims.putIfAbsent(new Address(frontend.protocol(), frontend.address()), claim);
        if (first != null) {
            notes.add(frontend + " is given twice: it serves " + words(first) + ", not " + words(claim));
        }
    }

    private static String words(Claim claim) {
        return claim.owner() + " (" + claim.kind() + ")";
    }

    private ServicePort granted(ServicePort port) {
        List<Frontend> kept = port.frontends().stream()
                .filter(f -> new Claim(port.name(), f.kind())
                        .equals(claims.get(new Address(f.protocol(), f.address()))))
                .toList();
        return new ServicePort(port.name(), port.port(), kept, port.endpoints(), port.internalPolicy(),
                port.externalPolicy(), port.affinity(), port.sourceRanges(), port.policy());
    }
}
