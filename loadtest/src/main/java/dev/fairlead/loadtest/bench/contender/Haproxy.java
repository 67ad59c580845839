package dev.fairlead.loadtest.bench.contender;

import dev.fairlead.loadtest.bench.machine.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** HAProxy in TCP mode. It sets TCP_NODELAY on both sides by itself. */
public record Haproxy(int threads, Buffers buffers) implements Proxy {
    /** Two descriptors each; a process may have 20,000 where this was made. */
    private static final int MAX_CONNECTIONS = 9930;
    /** Splicing reserves descriptors for pipes. */
    private static final int MAX_CONNECTIONS_SPLICING = 4000;

    @Override
    public String name() {
        return "haproxy" + buffers.suffix() + "-" + threads;
    }

    @Override
    public Family family() {
        return Family.HAPROXY;
    }

    @Override
    public Launch launch(Assignment assignment) throws IOException {
        String haproxy = Command.need("haproxy", "as a contender").toString();
        Path file = Files.writeString(assignment.directory().resolve("haproxy.cfg"), configuration(assignment));
        return new Launch(List.of(haproxy, "-db", "-f", file.toString()), assignment.listeners(), 1);
    }

    @Override
    public Optional<Running.EndpointSwitch> endpointSwitch(Assignment assignment) {
        Path socket = runtimeSocket(assignment);
        return Optional.of(which -> HaproxyRuntime.serve(socket, assignment.services(), which));
    }

    String configuration(Assignment assignment) {
        String services = assignment.services().stream().map(Haproxy::listen).collect(Collectors.joining());
        return """
                global
                  nbthread %d
                  maxconn %d
                %s  stats socket %s mode 600 level admin
                defaults
                  mode tcp
                  backlog 8192
                  balance roundrobin
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                %s%s%s""".formatted(threads,
                buffers.spliced() ? MAX_CONNECTIONS_SPLICING : MAX_CONNECTIONS, tuning(assignment.accessLog()),
                runtimeSocket(assignment), buffers.spliced()
                        ? "  option splice-request\n  option splice-response\n"
                        : "",
                assignment.accessLog() ? "  log global\n  option tcplog\n" : "", services);
    }

    private String tuning(boolean accessLog) {
        // To a file, as the others: standard output is one.
        String log = accessLog ? "  log stdout format raw local0\n" : "";
        return log + switch (buffers) {
            case DEFAULT, SPLICE -> "";
            case LARGE -> "  tune.bufsize 262144\n";
            case SPLICE_LARGE -> "  tune.pipesize 1048576\n";
        };
    }

    private static String listen(Service service) {
        String servers = IntStream.range(0, service.all().size())
                .mapToObj(i -> "  server " + HaproxyRuntime.endpointName(i) + " " + service.all().get(i)
                        + (i < service.endpoints().size() ? "" : " disabled") + "\n")
                .collect(Collectors.joining());
        return "listen " + service.name() + "\n  bind " + service.listen() + "\n" + servers;
    }

    private static Path runtimeSocket(Assignment assignment) {
        return assignment.directory().resolve("haproxy.sock");
    }
}
