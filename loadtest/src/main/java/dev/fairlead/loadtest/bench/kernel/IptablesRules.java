package dev.fairlead.loadtest.bench.kernel;

import java.util.List;
import java.util.Locale;

/**
 * Chains of chains: a rule for each Service, in its chain a rule for each endpoint, in whose chain the translation.
 *
 * @param name of the flavour, to which {@code -restore} is added
 * @param block the first two numbers of the ClusterIPs
 * @param endpoints of each Service
 */
record IptablesRules(String name, String block, int endpoints) implements RuleSet {
    /** Characters of what concerns one endpoint, roughly. */
    private static final int RULE_LENGTH = 260;

    @Override
    public List<String> command() {
        return List.of(name + "-restore", "-w", "5", "--noflush", "--counters");
    }

    @Override
    public String all(int services) {
        StringBuilder chains = new StringBuilder(services * endpoints * RULE_LENGTH);
        StringBuilder rules = new StringBuilder(services * endpoints * RULE_LENGTH);
        chains.append("*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-MARK-MASQ - [0:0]\n");
        rules.append("""
                -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                -A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
                """);
        for (int i = 0; i < services; i++) {
            chains.append(':').append(service(i)).append(" - [0:0]\n");
            rules.append("-A KUBE-SERVICES -m comment --comment \"").append(comment(i)).append(" cluster IP\" -d ")
                    .append(Addresses.clusterIp(block, i)).append("/32 -m tcp -p tcp --dport ")
                    .append(Addresses.SERVICE_PORT).append(" -j ").append(service(i)).append('\n');
            choice(i, endpoints, rules);
            for (int member = 0; member < endpoints; member++) {
                chains.append(':').append(endpoint(i, member)).append(" - [0:0]\n");
                translation(i, member, rules);
            }
        }
        return chains.append(rules).append("COMMIT\n").toString();
    }

    /** Naming a chain empties it; the endpoints' own chains can stay as they are. */
    @Override
    public String update(int service, int now) {
        StringBuilder rules = new StringBuilder("*nat\n:" + service(service) + " - [0:0]\n");
        choice(service, now, rules);
        return rules.append("COMMIT\n").toString();
    }

    private void choice(int i, int among, StringBuilder rules) {
        for (int member = 0; member < among; member++) {
            rules.append("-A ").append(service(i)).append(" -m comment --comment \"").append(comment(i)).append("\" ");
            if (member < among - 1) {
                rules.append(String.format(Locale.ROOT, "-m statistic --mode random --probability %.10f ",
                        1.0 / (among - member)));
            }
            rules.append("-j ").append(endpoint(i, member)).append('\n');
        }
    }

    private void translation(int i, int member, StringBuilder rules) {
        String pod = Addresses.pod(i * endpoints + member);
        String begin = "-A " + endpoint(i, member) + " -m comment --comment \"" + comment(i) + "\" ";
        rules.append(begin).append("-s ").append(pod).append("/32 -j KUBE-MARK-MASQ\n").append(begin)
                .append("-m tcp -p tcp -j DNAT --to-destination ").append(pod).append(':').append(Addresses.POD_PORT)
                .append('\n');
    }

    /** As long as kube-proxy's, which are hashes. */
    private static String service(int i) {
        return String.format(Locale.ROOT, "KUBE-SVC-%016d", i);
    }

    private static String endpoint(int i, int member) {
        return String.format(Locale.ROOT, "KUBE-SEP-%013d%03d", i, member);
    }

    private static String comment(int i) {
        return "team-" + i % 50 + "/svc-" + i + ":http";
    }
}
