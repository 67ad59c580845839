package dev.fairlead.e2e.cluster;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rules of the shape of kube-proxy's nftables mode (nftables/proxier.go), for Services with ready endpoints alone. */
final class NftablesText {
    private NftablesText() {
    }

    /** One table for each family; what was in them before is gone. */
    static String of(List<Service> services, List<Endpoint> endpoints) {
        return IntStream.range(0, IpFamily.values().length).mapToObj(i -> IpFamily.values()[i])
                .map(family -> table(family, services.stream().filter(one -> one.family() == family).toList(),
                        endpoints))
                .collect(Collectors.joining());
    }

    private static String table(IpFamily family, List<Service> services, List<Endpoint> endpoints) {
        String ip = family == IpFamily.IPV4 ? "ip" : "ip6";
        StringBuilder chains = new StringBuilder();
        StringBuilder lookups = new StringBuilder();
        StringBuilder nodePorts = new StringBuilder();
        StringBuilder others = new StringBuilder();
        for (Service service : services) {
            others.append("    ct state new ").append(ip).append(" daddr ").append(service.ip()).append(" reject\n");
            for (Service.Port port : service.ports()) {
                String chain = service.name() + "-" + port.name();
                String over = port.protocol() == Protocol.TCP ? "tcp" : "udp";
                for (int i = 0; i < endpoints.size(); i++) {
                    String at = endpoints.get(i).host().ip(family);
                    chains.append("  chain ").append(chain).append('-').append(i).append(" { meta l4proto ")
                            .append(over)
                            .append(" dnat to ").append(family == IpFamily.IPV4 ? at : "[" + at + "]").append(':')
                            .append(port.behind()).append("; }\n");
                }
                chains.append("  chain ").append(chain).append(" { numgen random mod ").append(endpoints.size())
                        .append(" vmap { ").append(IntStream.range(0, endpoints.size())
                                .mapToObj(i -> i + " : goto " + chain + "-" + i).collect(Collectors.joining(", ")))
                        .append(" }; }\n");
                lookups.append("    ").append(ip).append(" daddr ").append(service.ip()).append(' ').append(over)
                        .append(" dport ").append(port.port()).append(" goto ").append(chain).append('\n');
                nodePorts.append("    fib daddr type local ").append(over).append(" dport ").append(port.nodePort())
                        .append(" meta mark set mark or 0x4000 goto ").append(chain).append('\n');
            }
        }
        return """
                table %s kube-proxy
                delete table %s kube-proxy
                table %s kube-proxy {
                %s
                  chain services {
                %s%s  }
                  chain cluster-ips-check {
                %s  }
                  chain masquerading {
                    mark and 0x4000 == 0 return
                    meta mark set mark xor 0x4000
                    masquerade fully-random
                  }
                  chain nat-prerouting { type nat hook prerouting priority -100; jump services; }
                  chain nat-output { type nat hook output priority -100; jump services; }
                  chain nat-postrouting { type nat hook postrouting priority 100; jump masquerading; }
                  chain filter-input { type filter hook input priority 0; jump cluster-ips-check; }
                  chain filter-output { type filter hook output priority 0; jump cluster-ips-check; }
                }
                """.formatted(ip, ip, ip, chains, lookups, nodePorts, others);
    }
}
