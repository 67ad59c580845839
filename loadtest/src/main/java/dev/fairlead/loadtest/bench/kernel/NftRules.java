package dev.fairlead.loadtest.bench.kernel;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A map from addresses to the Services' chains, in each of which a map leads to an endpoint's.
 *
 * @param block the first two numbers of the ClusterIPs
 * @param endpoints of each Service
 */
record NftRules(String block, int endpoints) implements RuleSet {
    @Override
    public String name() {
        return "nft";
    }

    @Override
    public List<String> command() {
        return List.of("nft", "-f", "-");
    }

    @Override
    public String all(int services) {
        StringBuilder text = new StringBuilder("""
                table ip kube-proxy {
                  chain mark-for-masquerade { meta mark set mark or 0x4000; }
                """);
        for (int i = 0; i < services; i++) {
            for (int member = 0; member < endpoints; member++) {
                String pod = Addresses.pod(i * endpoints + member);
                text.append("  chain ").append(endpoint(i, member)).append(" { ip saddr ").append(pod)
                        .append(" jump mark-for-masquerade; meta l4proto tcp dnat to ").append(pod).append(':')
                        .append(Addresses.POD_PORT).append("; }\n");
            }
            text.append("  chain ").append(service(i)).append(" { ").append(choice(i, endpoints)).append("; }\n");
        }
        text.append(
                "  map service-ips {\n    type ipv4_addr . inet_proto . inet_service : verdict\n    elements = {\n");
        for (int i = 0; i < services; i++) {
            text.append("      ").append(Addresses.clusterIp(block, i)).append(" . tcp . ")
                    .append(Addresses.SERVICE_PORT).append(" : goto ").append(service(i)).append(",\n");
        }
        return text.append("""
                    }
                  }
                  chain services { ip daddr . meta l4proto . th dport vmap @service-ips; }
                  chain nat-prerouting { type nat hook prerouting priority dstnat; jump services; }
                  chain nat-output { type nat hook output priority -100; jump services; }
                }
                """).toString();
    }

    @Override
    public String update(int service, int now) {
        return "flush chain ip kube-proxy %1$s\nadd rule ip kube-proxy %1$s %2$s\n".formatted(service(service),
                choice(service, now));
    }

    private static String choice(int i, int among) {
        return "numgen random mod " + among + IntStream.range(0, among)
                .mapToObj(member -> member + " : goto " + endpoint(i, member))
                .collect(Collectors.joining(", ", " vmap { ", " }"));
    }

    private static String service(int i) {
        return "service-" + i;
    }

    private static String endpoint(int i, int member) {
        return "endpoint-" + i + "-" + member;
    }
}
