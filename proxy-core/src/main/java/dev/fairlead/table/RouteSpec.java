package dev.fairlead.table;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SessionAffinity;
import java.util.List;

/**
 * What a route should be, pure data: the frontends of one kind of one service port. Equal specs need no change.
 *
 * @param frontends sorted, never empty
 * @param candidates endpoints that may be picked, sorted; empty = the doors stay shut
 * @param sourceRanges who may come; empty = everybody
 */
public record RouteSpec(ServicePortName service, FrontendKind kind, List<IpPort> frontends, List<IpPort> candidates,
        SessionAffinity affinity, List<Cidr> sourceRanges, ServicePolicy policy) {
    public RouteSpec {
        frontends = List.copyOf(frontends);
        candidates = List.copyOf(candidates);
        sourceRanges = List.copyOf(sourceRanges);
    }
}
