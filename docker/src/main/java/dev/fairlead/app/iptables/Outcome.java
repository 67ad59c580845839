package dev.fairlead.app.iptables;

import dev.fairlead.model.IpPort;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What rules do with a packet. Shares are of all such packets, 0 to 1; together with {@code untouched} they make 1.
 *
 * @param refused by REJECT
 * @param dropped by DROP
 * @param untouched by any rule
 * @param decider the chain that refused or dropped, {@code ""} where none did
 * @param affinity who was here before
 * @param unclear what could not be followed, for a reader; such rules count as fitting nothing
 */
record Outcome(List<Sent> sent, double refused, double dropped, double untouched, String decider,
        List<Affinity> affinity, Set<String> unclear) {
    /** Shares smaller than this are roundings. */
    static final double NOTHING = 1e-6;

    Outcome {
        sent = List.copyOf(sent);
        affinity = List.copyOf(affinity);
        unclear = Set.copyOf(unclear);
    }

    /**
     * Packets that go to one endpoint.
     *
     * @param share of all packets
     * @param hidden the part of the share whose source is marked for masquerading
     * @param chain that sends them, KUBE-SEP-...
     * @param from the chain before it, KUBE-SVC-... or KUBE-SVL-...
     * @param remembers whether the client is remembered as the chain's
     */
    record Sent(IpPort to, double share, double hidden, String chain, String from, boolean remembers) {
    }

    /**
     * Clients that a chain remembers go to it again.
     *
     * @param from the chain that looks them up
     * @param chain where they go
     * @param seconds since they were seen at most; absent = ever
     */
    record Affinity(String from, String chain, OptionalLong seconds) {
    }

    /** Whether all packets fare as {@code share} says. */
    static boolean all(double share) {
        return share > 1 - NOTHING;
    }
}
