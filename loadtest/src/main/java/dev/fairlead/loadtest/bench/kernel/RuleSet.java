package dev.fairlead.loadtest.bench.kernel;

import java.util.List;

/** The rules of many Services, as one kind of kube-proxy writes them. */
public interface RuleSet {
    /** As in the table. */
    String name();

    /** The command that reads rules from standard input; its first word is to be found. */
    List<String> command();

    /** Everything, into a network namespace that has nothing yet. */
    String all(int services);

    /** What is written where one Service has so many endpoints now; all other rules stay. */
    String update(int service, int endpoints);

    /** All kinds, with so many endpoints of each Service; the block holds the ClusterIPs. */
    static List<RuleSet> all(String block, int endpoints) {
        return List.of(new IptablesRules("iptables-legacy", block, endpoints),
                new IptablesRules("iptables-nft", block, endpoints), new NftRules(block, endpoints));
    }
}
