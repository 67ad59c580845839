package dev.fairlead.source;

import dev.fairlead.model.Frontend;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.TransportAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives every address to one service port only. It remembers who claims what, so that a Service that changes costs no
 * look at the others, but for those that it shares an address with.
 */
final class FrontendClaims {
    /**
     * Who comes first. What the cluster hands out goes before what a Service may claim for itself: otherwise one
     * namespace could take another's ClusterIP by naming it in externalIPs (CVE-2020-8554).
     */
    private static final List<FrontendKind> PRECEDENCE = List.of(FrontendKind.CLUSTER_IP, FrontendKind.LOAD_BALANCER,
            FrontendKind.NODE_PORT, FrontendKind.EXTERNAL_IP);
    private static final Comparator<Claim> ORDER = Comparator.comparingInt((Claim c) -> PRECEDENCE.indexOf(c.kind()))
            .thenComparing(Claim::owner);

    private record Claim(ServicePortName owner, FrontendKind kind) {
        @Override
        public String toString() {
            return owner + " (" + kind + ")";
        }
    }

    // One claim nearly always; the list is in the order in which they count.
    private final Map<TransportAddress, List<Claim>> claims = new HashMap<>();
    private final Set<TransportAddress> contested = new HashSet<>();

    /** Takes back what the ports claim; adds to {@code affected} who may get more by that. */
    void withdraw(List<ServicePort> ports, Set<ServiceName> affected) {
        for (ServicePort port : ports) {
            for (Frontend frontend : port.frontends()) {
                TransportAddress address = frontend.door();
                List<Claim> left = new ArrayList<>(claims.getOrDefault(address, List.of()));
                left.remove(new Claim(port.name(), frontend.kind()));
                put(address, left, affected);
            }
        }
    }

    /** Claims what the ports ask for; adds to {@code affected} who may lose something by that. */
    void claim(List<ServicePort> ports, Set<ServiceName> affected) {
        for (ServicePort port : ports) {
            for (Frontend frontend : port.frontends()) {
                TransportAddress address = frontend.door();
                List<Claim> more = new ArrayList<>(claims.getOrDefault(address, List.of()));
                more.add(new Claim(port.name(), frontend.kind()));
                put(address, more, affected);
            }
        }
    }

    private void put(TransportAddress address, List<Claim> now, Set<ServiceName> affected) {
        if (now.isEmpty()) {
            claims.remove(address);
            contested.remove(address);
            return;
        }
        if (now.size() > 1) {
            now.sort(ORDER);
            contested.add(address);
        } else {
            contested.remove(address);
        }
        now.forEach(claim -> affected.add(claim.owner().service()));
        claims.put(address, List.copyOf(now));
    }

    /** The port without the frontends that others have; the same object where it keeps all. */
    ServicePort granted(ServicePort port) {
        if (contested.isEmpty()) {
            return port;
        }
        List<Frontend> kept = port.frontends().stream()
                .filter(f -> new Claim(port.name(), f.kind()).equals(winner(f.door())))
                .toList();
        return kept.size() == port.frontends().size() ? port : port.withFrontends(kept);
    }

    private @Nullable Claim winner(TransportAddress address) {
        List<Claim> all = claims.getOrDefault(address, List.of());
        return all.isEmpty() ? null : all.getFirst();
    }

    /** Says who has what others wanted too. */
    void tell(Notes notes) {
        for (TransportAddress address : contested) {
            List<Claim> all = claims.getOrDefault(address, List.of());
            for (Claim loser : all.subList(1, all.size())) {
                notes.add(new Frontend(loser.kind(), address.protocol(), address.address())
                        + " is given twice: it serves " + all.getFirst() + ", not " + loser);
            }
        }
    }
}
