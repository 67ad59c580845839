package dev.fairlead.loadtest.bench.contender;

import dev.fairlead.loadtest.bench.machine.Command;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The kernel's own address translation, as kube-proxy sets it up; in a namespace of its own. */
public record Dnat() implements Contender {
    @Override
    public String name() {
        return "dnat";
    }

    @Override
    public Family family() {
        return Family.DNAT;
    }

    @Override
    public Running start(Assignment assignment) throws IOException, InterruptedException {
        String nft = Command.need("nft", "to set up kernel DNAT; Debian: nftables").toString();
        Command.run(assignment.network().command(List.of(nft, "-f", "-")), rules(assignment));
        // Entries of closed connections stay two minutes by default, and a bench would fill the table in seconds.
        Command.run(assignment.network()
                .command(List.of("sysctl", "-q", "-w", "net.netfilter.nf_conntrack_tcp_timeout_time_wait=3")));
        for (Service service : assignment.services()) {
            if (service.kind().flows().isPresent()) {
                String seconds = Integer.toString(service.kind().flows().get().idleSeconds());
                Command.run(assignment.network().command(List.of("sysctl", "-q", "-w",
                        "net.netfilter.nf_conntrack_udp_timeout=" + seconds,
                        "net.netfilter.nf_conntrack_udp_timeout_stream=" + seconds)));
            }
        }
        return Running.kernel(this, assignment);
    }

    static String rules(Assignment assignment) {
        String services = assignment.services().stream().map(Dnat::rule).collect(Collectors.joining());
        return """
                table ip fairlead
                delete table ip fairlead
                table ip fairlead {
                  chain services {
                %s  }
                  chain local {
                    type nat hook output priority -100; policy accept;
                    jump services
                  }
                  chain arriving {
                    type nat hook prerouting priority -100; policy accept;
                    jump services
                  }
                }
                """.formatted(services);
    }

    private static String rule(Service service) {
        List<String> endpoints = service.endpoints();
        String map = IntStream.range(0, endpoints.size())
                .mapToObj(i -> i + " : " + endpoints.get(i).replace(":", " . ")).collect(Collectors.joining(", "));
        return "    ip daddr %s %s dport %d dnat ip to numgen inc mod %d map { %s }%n".formatted(service.ip(),
                service.kind().udp() ? "udp" : "tcp", service.port(), endpoints.size(), map);
    }
}
