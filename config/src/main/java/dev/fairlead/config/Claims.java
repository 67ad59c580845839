package dev.fairlead.config;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.source.ServiceObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds two Services that want the same door: at run time one of them would silently get nothing. */
final class Claims {
    static final String PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name";

    private record PortOfFamily(Protocol protocol, IpFamily family, int port) {
    }

    private final Map<Claim.Door, Claim> taken = new HashMap<>();
    private final Map<PortOfFamily, Claim> wildcards = new HashMap<>();
    private final Map<PortOfFamily, Claim> addresses = new HashMap<>();

    /** Reports each claim on what an earlier one has, in the order of the texts. */
    static void check(List<Claim> claims, Optional<String> serviceProxyName) {
        List<Claim> ordered = new ArrayList<>(claims);
        ordered.sort(Comparator.comparing(claim -> claim.place().spot()));
        Claims seen = new Claims();
        Set<List<Object>> once = new HashSet<>();
        for (Claim claim : ordered) {
            // clusterIP and clusterIPs say the same address twice; that is one claim.
            boolean ours = Optional.ofNullable(claim.service().labels().get(PROXY_NAME_LABEL)).equals(serviceProxyName);
            if (ours && once.add(List.of(claim.door(), claim.place().spot()))) {
                seen.add(claim);
            }
        }
    }

    private void add(Claim claim) {
        Claim earlier = taken.putIfAbsent(claim.door(), claim);
        if (earlier != null) {
            claim.place().problem(claim.door() + " is already taken by " + holder(earlier));
            return;
        }
        if (claim.door() instanceof Claim.Door.Address(Protocol protocol, IpPort address)) {
            PortOfFamily port = new PortOfFamily(protocol, address.family(), address.port());
            Claim wildcard = wildcards.get(port);
            Claim exact = addresses.get(port);
            if (wildcard != null) {
                claim.place().problem(claim.door() + " is already taken by " + wildcard.door() + " of "
                        + holder(wildcard));
            } else if (address.ip().isAnyLocalAddress() && exact != null) {
                claim.place().problem(claim.door() + " contains " + exact.door() + ", already taken by "
                        + holder(exact));
            } else if (address.ip().isAnyLocalAddress()) {
                wildcards.put(port, claim);
            } else {
                addresses.putIfAbsent(port, claim);
            }
        }
    }

    private static String holder(Claim claim) {
        ServiceObject service = claim.service();
        return "Service " + service.name() + " (" + claim.place().path() + " at " + claim.place().spot() + ")";
    }
}
