package dev.fairlead.app.iptables;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One way to damage the rules of {@link RichCluster}, in the form of kube-proxy as in that of either flavour of
 * iptables-save, and what is to be said of it.
 *
 * @param sentences all of them
 */
record Harm(String name, UnaryOperator<String> deed, List<String> sentences) {
    private static final String WEB = "ns1/web:http TCP (ClusterIP 10.96.0.10:80): ";
    private static final String STICKY = "ns1/sticky TCP (ClusterIP 10.96.0.12:80, NodePort 30080): ";
    private static final String LB = "ns2/lb:https TCP (LoadBalancer 203.0.113.9:443): ";
    private static final String RANGES = "10.0.0.0/8, 192.168.0.0/16, 198.51.100.0/25, 203.0.113.9/32 only";
    private static final String LOST_SERVICE = "ns1/web:http|4LVCYZMTA5CQO6SX|Q3JK5SKXRBSAWYXE|SBQ7YWW74ACHCUHJ"
            + "|Z6OJ54VKONQ5FNID";
    private static final String UNREADY = """
            :KUBE-SEP-ODQXN5PJFWHJCIMV - [0:0]
            -A KUBE-SEP-ODQXN5PJFWHJCIMV -s 10.244.2.3/32 -m comment --comment "ns1/web:http" -j KUBE-MARK-MASQ
            -A KUBE-SEP-ODQXN5PJFWHJCIMV -p tcp -m comment --comment "ns1/web:http" -m tcp -j DNAT \
            --to-destination 10.244.2.3:8080
            """;
    private static final String GONE = """
            :KUBE-SVC-EPUVI6IWWTW2TJ5G - [0:0]
            :KUBE-SEP-2JWKY5S4LKOMGYAC - [0:0]
            -A KUBE-SERVICES -d 10.96.0.99/32 -p tcp -m comment --comment "ns9/gone:http cluster IP" -m tcp \
            --dport 80 -j KUBE-SVC-EPUVI6IWWTW2TJ5G
            -A KUBE-SVC-EPUVI6IWWTW2TJ5G -m comment --comment "ns9/gone:http -> 10.244.2.99:80" -j \
            KUBE-SEP-2JWKY5S4LKOMGYAC
            -A KUBE-SEP-2JWKY5S4LKOMGYAC -p tcp -m tcp -j DNAT --to-destination 10.244.2.99:80
            """;

    @Override
    public String toString() {
        return name;
    }

    private static Harm harm(String name, UnaryOperator<String> deed, String... sentences) {
        return new Harm(name, deed, List.of(sentences));
    }

    static Stream<Harm> all() {
        return Stream.concat(endpoints(), services());
    }

    private static Stream<Harm> endpoints() {
        return Stream.of(
                harm("a lost endpoint", without("-A KUBE-SVC-4LVCYZMTA5CQO6SX.*Q3JK5SKXRBSAWYXE"),
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX does not send to 10.244.1.1:8080; Fairlead would (ready)"),
                harm("an extra endpoint",
                        after(":KUBE-SVC-4LVCYZMTA5CQO6SX", UNREADY
                                + "-A KUBE-SVC-4LVCYZMTA5CQO6SX -m statistic --mode random"
                                + " --probability 0.25000000000 -j KUBE-SEP-ODQXN5PJFWHJCIMV\n"),
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX sends to 10.244.2.3:8080 by KUBE-SEP-ODQXN5PJFWHJCIMV;"
                                + " Fairlead would not (not ready)"),
                harm("a wrong probability",
                        change("-A KUBE-SVC-4LVCYZMTA5CQO6SX", "--probability 0\\.3333\\d+", "--probability 0.25"),
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX spreads new clients unevenly, 0.2500 to 10.244.1.1:8080,"
                                + " 0.3750 to 10.244.2.1:8080, 0.3750 to 10.244.2.2:8080; Fairlead would send 0.3333"
                                + " to each"),
                harm("a stale endpoint's chain", after(":KUBE-SVC-4LVCYZMTA5CQO6SX", UNREADY),
                        "leftover chain KUBE-SEP-ODQXN5PJFWHJCIMV: nothing leads to it; it would send to"
                                + " 10.244.2.3:8080; Fairlead leaves none behind, and no connection is affected"),
                harm("a wrong address",
                        change("-A KUBE-SEP-SBQ7YWW74ACHCUHJ.*--to-destination", "10\\.244\\.2\\.1:8080",
                                "10.244.2.99:8080"),
                        WEB + "KUBE-SEP-SBQ7YWW74ACHCUHJ, named after 10.244.2.1:8080, sends to 10.244.2.99:8080;"
                                + " Fairlead would send to 10.244.2.1:8080"),
                harm("a last endpoint that is not the last",
                        change("-A KUBE-SVC-4LVCYZMTA5CQO6SX.*Z6OJ54VKONQ5FNID", " -j ",
                                " -m statistic --mode random --probability 0.50000000000 -j "),
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX sends only 0.8333 of new clients anywhere; Fairlead would"
                                + " forward all"),
                harm("a missing affinity", without("-A KUBE-SVC-L4KWDJJLMVKGD7Z5.*--rcheck"),
                        STICKY + "KUBE-SVC-L4KWDJJLMVKGD7Z5 keeps no client with its endpoint; Fairlead would for"
                                + " 10800 s"),
                harm("an affinity that misses one endpoint",
                        without("-A KUBE-SVC-L4KWDJJLMVKGD7Z5.*--rcheck.*-j KUBE-SEP-XG73FDFWY3EZMQQ3"),
                        STICKY + "KUBE-SVC-L4KWDJJLMVKGD7Z5 keeps no client with 10.244.2.5:8080; Fairlead would for"
                                + " 10800 s"),
                harm("a wrong affinity timeout", change("--rcheck.*KUBE-SEP-(MXQX|XG73)", "--seconds 10800",
                        "--seconds 600"),
                        STICKY + "KUBE-SVC-L4KWDJJLMVKGD7Z5 keeps clients with their endpoint for 600 s; Fairlead"
                                + " would for 10800 s"),
                harm("an endpoint that forgets its clients",
                        change("-A KUBE-SEP-MXQXS25ZDQG4677T", " -m recent.*?( -m tcp)", "$1"),
                        STICKY + "KUBE-SEP-MXQXS25ZDQG4677T does not remember who was sent to 10.244.1.3:8080;"
                                + " Fairlead would for 10800 s"),
                harm("an affinity that nobody asked for",
                        after(":KUBE-SVC-4LVCYZMTA5CQO6SX",
                                "-A KUBE-SVC-4LVCYZMTA5CQO6SX -m recent --rcheck --seconds 60 --reap --name"
                                        + " KUBE-SEP-Q3JK5SKXRBSAWYXE --rsource -j KUBE-SEP-Q3JK5SKXRBSAWYXE\n"),
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX keeps clients with their endpoint for 60 s; Fairlead would"
                                + " balance every connection anew"),
                harm("an endpoint that cannot call itself",
                        without("-A KUBE-SEP-Q3JK5SKXRBSAWYXE.*-j KUBE-MARK-MASQ"),
                        WEB + "KUBE-SEP-Q3JK5SKXRBSAWYXE does not masquerade 10.244.1.1 when it calls itself; Fairlead"
                                + " would answer it from an address of this node"));
    }

    private static Stream<Harm> services() {
        return Stream.of(
                harm("a wrong source range", change("-A KUBE-FW-MGHH7QFLLLY76FAZ", "10\\.0\\.0\\.0/8", "10.0.0.0/9"),
                        LB + "KUBE-FW-MGHH7QFLLLY76FAZ admits 10.0.0.0/9, 192.168.0.0/16, 198.51.100.0/25,"
                                + " 203.0.113.9/32 only; Fairlead would admit " + RANGES),
                harm("a missing firewall", change("-A KUBE-SERVICES.*203\\.0\\.113\\.9", "KUBE-FW-", "KUBE-EXT-"),
                        LB + "no KUBE-FW-MGHH7QFLLLY76FAZ stands before it, so every source is admitted; Fairlead"
                                + " would admit " + RANGES),
                harm("a firewall that drops nothing", without("-A KUBE-PROXY-FIREWALL"),
                        LB + "KUBE-PROXY-FIREWALL does not drop what KUBE-FW-MGHH7QFLLLY76FAZ does not admit; Fairlead"
                                + " would drop it"),
                harm("an endpoint that was lost with its chain", without("KUBE-SEP-Q3JK5SKXRBSAWYXE"),
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX does not send to 10.244.1.1:8080; Fairlead would (ready)"),
                harm("a lost last endpoint", without("-A KUBE-SVC-4LVCYZMTA5CQO6SX.*Z6OJ54VKONQ5FNID"),
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX does not send to 10.244.2.2:8080; Fairlead would (ready)",
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX sends only 0.6667 of new clients anywhere; Fairlead would"
                                + " forward all"),
                harm("a service that nothing leads to", without("-A KUBE-SERVICES.*10\\.96\\.0\\.10\\b"),
                        WEB + "KUBE-SERVICES has no rule for it; Fairlead would forward to 10.244.1.1:8080,"
                                + " 10.244.2.1:8080, 10.244.2.2:8080"),
                harm("a stale service's chains", text -> without("-A KUBE-SERVICES.*ns9/gone").apply(
                        after(":KUBE-SVC-4LVCYZMTA5CQO6SX", GONE).apply(text)),
                        "leftover chain KUBE-SVC-EPUVI6IWWTW2TJ5G: nothing leads to it, nor to what is behind it;"
                                + " Fairlead leaves none behind, and no connection is affected"),
                harm("a missing service", without(LOST_SERVICE),
                        WEB + "KUBE-SERVICES has no rule for it; Fairlead would forward to 10.244.1.1:8080,"
                                + " 10.244.2.1:8080, 10.244.2.2:8080"),
                harm("a service that no longer exists", after(":KUBE-SVC-4LVCYZMTA5CQO6SX", GONE),
                        "ns9/gone:http TCP (ClusterIP 10.96.0.99:80): KUBE-SERVICES leads to"
                                + " KUBE-SVC-EPUVI6IWWTW2TJ5G; Fairlead would not serve it, since there is no such"
                                + " Service"),
                harm("a missing NodePort", without("-A KUBE-NODEPORTS.*--dport 30080 "),
                        "ns1/sticky TCP (NodePort 30080): KUBE-NODEPORTS has no rule for it; Fairlead would forward"
                                + " to 10.244.1.3:8080, 10.244.2.5:8080"),
                harm("a wrong policy", change("-A KUBE-EXT-X7AJ7TOFWUXW2NCA", "KUBE-SVL-", "KUBE-SVC-"),
                        "ns2/near:http TCP (LoadBalancer 203.0.113.10:80, NodePort 30081): KUBE-EXT-X7AJ7TOFWUXW2NCA"
                                + " sends sources outside (such as 198.51.100.254) to KUBE-SVC-X7AJ7TOFWUXW2NCA,"
                                + " endpoints anywhere; Fairlead would use endpoints on this node:"
                                + " externalTrafficPolicy Local"),
                harm("a missing REJECT", without("-A KUBE-SERVICES.*10\\.96\\.0\\.18"),
                        "ns3/empty:http TCP (ClusterIP 10.96.0.18:80): KUBE-SERVICES (table filter) has no rule to"
                                + " refuse it; Fairlead would refuse: the service port has no endpoint"),
                harm("a missing DROP", without("-A KUBE-EXTERNAL-SERVICES.*--dport 30082 "),
                        "ns2/far:http TCP (NodePort 30082): KUBE-EXT-RURBJJPDMIUSLWSG leads sources outside (such as"
                                + " 198.51.100.254) nowhere; Fairlead would drop them: externalTrafficPolicy Local,"
                                + " and no endpoint on this node may be used"),
                harm("a missing masquerade", without("-A KUBE-EXT-L4KWDJJLMVKGD7Z5.*-j KUBE-MARK-MASQ"),
                        "ns1/sticky TCP (NodePort 30080): KUBE-EXT-L4KWDJJLMVKGD7Z5 does not masquerade pods (such as"
                                + " 10.244.255.254), this node (192.168.0.2), sources outside (such as"
                                + " 198.51.100.254); the configuration has their source hidden"),
                harm("a ClusterIP without masquerade", without("-A KUBE-SVC-4LVCYZMTA5CQO6SX.*-j KUBE-MARK-MASQ"),
                        WEB + "KUBE-SVC-4LVCYZMTA5CQO6SX does not masquerade this node (192.168.0.2), sources outside"
                                + " (such as 198.51.100.254); the configuration has their source hidden"),
                harm("masquerading that is off altogether", without("-A KUBE-POSTROUTING.*MASQUERADE"),
                        "rules: KUBE-POSTROUTING masquerades nothing; Fairlead does without"),
                harm("masquerading of everybody", without("-A KUBE-POSTROUTING.*RETURN"),
                        "rules: KUBE-POSTROUTING masquerades what is not marked too; Fairlead does without"),
                harm("chains that the kernel does not come by", without("-A PREROUTING.*-j KUBE-SERVICES"),
                        "rules: PREROUTING does not lead to KUBE-SERVICES (table nat); Fairlead does without"),
                harm("NodePorts that nothing leads to", without("-A KUBE-SERVICES.*-j KUBE-NODEPORTS"),
                        "NodePorts: KUBE-SERVICES does not lead 127.0.0.1, 192.168.0.2 to KUBE-NODEPORTS; Fairlead"
                                + " would serve them there"));
    }

    /** Without the lines that fit; there must be some. */
    private static UnaryOperator<String> without(String pattern) {
        return text -> onLines(text, pattern, _ -> "");
    }

    /** With something else in the lines that fit. */
    private static UnaryOperator<String> change(String pattern, String from, String to) {
        return text -> onLines(text, pattern, line -> line.replaceFirst(from, to));
    }

    /** With more lines behind those that fit. */
    private static UnaryOperator<String> after(String pattern, String lines) {
        return text -> onLines(text, pattern, line -> line + lines);
    }

    private static String onLines(String text, String pattern, UnaryOperator<String> deed) {
        List<String> lines = new ArrayList<>(text.lines().map(line -> line + "\n").toList());
        List<String> changed = lines.stream()
                .map(line -> line.matches("(?s).*(" + pattern + ").*") ? deed.apply(line) : line).toList();
        if (changed.equals(lines)) {
            throw new IllegalStateException("no line has " + pattern + " in it");
        }
        return String.join("", changed);
    }
}
