package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.cluster.SideBySide.Flow;
import dev.fairlead.e2e.cluster.SideBySide.Outcome;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What sources an endpoint saw of one flow.
 *
 * @param endpoint its name
 * @param here in normal form
 * @param there the same, with kube-proxy's rules
 * @param client what the client is, in words
 */
record SourceSeen(Flow flow, String endpoint, Set<String> here, Set<String> there, String client, Reason reason) {
    /** Why they are as they are. Every reason says what must be seen on either side; what fits none has none. */
    enum Reason {
        /** The client's own address on both. */
        KEPT("the client's", "the client's", ""),
        /** An address of the node, and the same one. */
        SAME_NODE("the node's", "the node's", ""),
        /** Masquerading makes replies come back through the node; those of its own pods do in any case. */
        KEPT_HERE("the client's", "masqueraded, the node's", "kube-proxy masquerades what comes in at these addresses"
                + " where the policy is Cluster; `transparent` does not"),
        /** Both hide the client, each by the address that comes first to it. */
        OTHER_OF_NODE("the node's own", "masqueraded, the node's at its end of the pod's link",
                "MASQUERADE takes the address of the interface that the packet leaves by, a socket that of the route"),
        /** With {@code local}. */
        KEPT_THERE("the node's", "the client's", "an endpoint of another node, which `transparent: local` leaves"
                + " out: for a client outside, its replies would pass by this node"),
        /** None: this is a defect. */
        NONE("?", "?", "none");

        private final String here;
        private final String there;
        private final String words;

        Reason(String here, String there, String words) {
            this.here = here;
            this.there = there;
            this.words = words;
        }
    }

    /** A row of the list. */
    private record Row(boolean same, String text) {
        static Row of(SourceSeen seen) {
            Flow flow = seen.flow();
            String policy = flow.frontend().equals("ClusterIP")
                    ? ""
                    : flow.shape().matches("externalTrafficPolicy Local.*|both policies Local.*") ? "Local" : "Cluster";
            String place = seen.endpoint().startsWith("node" + flow.through() + "-") ? "that node" : "another node";
            Reason why = seen.reason();
            return new Row(why == Reason.KEPT || why == Reason.SAME_NODE,
                    "| " + String.join(" | ", flow.frontend(), policy, seen.client(), place, why.here, why.there,
                            why.words) + " |");
        }
    }

    /** Those of the endpoints that were met on both. */
    static List<SourceSeen> compare(Network network, Flow flow, Map<String, Set<String>> here,
            Map<String, Set<String>> there) {
        List<SourceSeen> all = new ArrayList<>();
        Host client = network.host(flow.client());
        IpFamily family = flow.address().startsWith("[") ? IpFamily.IPV6 : IpFamily.IPV4;
        here.forEach((endpoint, sources) -> {
            if (Client.answered(endpoint) && there.containsKey(endpoint)) {
                Set<String> ours = normal(sources);
                Set<String> theirs = normal(there.getOrDefault(endpoint, Set.of()));
                boolean near = endpoint.startsWith("node" + flow.through() + "-");
                boolean self = endpoint.startsWith(client.name() + ":");
                all.add(new SourceSeen(flow, endpoint, ours, theirs, kind(client, flow, self),
                        reason(flow, normal(Set.of(client.ip(family))), network.addresses(flow.through(), family), near,
                                ours, theirs)));
            }
        });
        return all;
    }

    private static String kind(Host client, Flow flow, boolean self) {
        if (client.node().isEmpty()) {
            return "outside";
        }
        String who = client.name().equals(client.node()) ? "a node" : "a pod";
        if (self) {
            return "the endpoint itself";
        }
        return client.node().equals("node" + flow.through()) ? who : who + " at another node";
    }

    private static Set<String> normal(Set<String> ips) {
        return ips.stream().map(ip -> IpText.format(IpText.parse(ip).orElseThrow())).collect(Collectors.toSet());
    }

    /** @param node all addresses of the one that is passed, its own first */
    private static Reason reason(Flow flow, Set<String> client, List<String> node, boolean near, Set<String> here,
            Set<String> there) {
        boolean hiddenHere = here.equals(Set.of(node.getFirst()));
        boolean hiddenThere = there.size() == 1 && node.containsAll(there);
        if (here.equals(there)) {
            return hiddenHere ? Reason.SAME_NODE : here.equals(client) ? Reason.KEPT : Reason.NONE;
        }
        if (hiddenHere && hiddenThere) {
            return Reason.OTHER_OF_NODE;
        }
        boolean inside = flow.frontend().equals("ClusterIP");
        if (here.equals(client) && hiddenThere && !inside) {
            return Reason.KEPT_HERE;
        }
        return hiddenHere && there.equals(client) && !inside && !near ? Reason.KEPT_THERE : Reason.NONE;
    }

    /** What a reader of the list is told of them. */
    static String text(List<Outcome> outcomes) {
        Set<Row> rows = outcomes.stream().flatMap(outcome -> outcome.sources().stream()).map(Row::of)
                .collect(Collectors.toCollection(() -> new TreeSet<>(Comparator.comparing(Row::text))));
        return """

                ### Sources

                The same flows, by the source that each endpoint saw of them which was met on both clusters. Those to ClusterIPs are to Services
                with `transparent: all`: the client's node is on the way of every reply to it. Those to other addresses are to Services with
                `transparent: local`, since a pod of another node answers a client outside past the node that the client came to. A client
                may be at the node that its packets are balanced by, or at another; an endpoint may be that node's own or not.

                The sources are the same:

                | dialled | external policy | client | endpoint on | source here | source there |
                |---|---|---|---|---|---|
                """
                + lines(rows, true).replace(" |  |\n", " |\n") + """

                        They differ, each for a reason:

                        | dialled | external policy | client | endpoint on | source here | source there | reason |
                        |---|---|---|---|---|---|---|
                        """ + lines(rows, false);
    }

    private static String lines(Set<Row> rows, boolean same) {
        return rows.stream().filter(row -> row.same() == same).map(row -> row.text() + "\n")
                .collect(Collectors.joining());
    }
}
