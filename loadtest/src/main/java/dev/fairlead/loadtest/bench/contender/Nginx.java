package dev.fairlead.loadtest.bench.contender;

import dev.fairlead.loadtest.bench.machine.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** nginx's {@code stream} module. It sets TCP_NODELAY on both sides by itself. */
public record Nginx(int workers, Buffers buffers) implements Proxy {
    /** Where distributions put the module when it is not built in. */
    private static final List<Path> MODULES = List.of(Path.of("/usr/lib/nginx/modules/ngx_stream_module.so"),
            Path.of("/usr/lib64/nginx/modules/ngx_stream_module.so"),
            Path.of("/usr/local/lib/nginx/modules/ngx_stream_module.so"));

    private static final Pattern BUILT_IN = Pattern.compile("--with-stream(\\s|$)");

    public Nginx {
        if (buffers.spliced()) {
            throw new IllegalArgumentException("nginx does not splice");
        }
    }

    /** Whether there is an nginx here that has the module, built in or beside it. */
    public static boolean installed() throws IOException, InterruptedException {
        Optional<Path> nginx = Command.find("nginx");
        return nginx.isPresent() && (MODULES.stream().anyMatch(Files::exists)
                || BUILT_IN.matcher(Command.run(List.of(nginx.get().toString(), "-V"))).find());
    }

    @Override
    public String name() {
        return "nginx" + buffers.suffix() + "-" + workers;
    }

    @Override
    public Family family() {
        return Family.NGINX;
    }

    @Override
    public Launch launch(Assignment assignment) throws IOException {
        String nginx = Command.need("nginx", "as a contender; Debian: nginx and libnginx-mod-stream").toString();
        Path file = Files.writeString(assignment.directory().resolve("nginx.conf"), configuration(assignment));
        return new Launch(List.of(nginx, "-p", assignment.directory().toString(), "-c", file.toString(), "-e",
                assignment.directory().resolve("error.log").toString()), assignment.listeners(), 1 + workers);
    }

    /** Its way to change endpoints is a reload, which starts new workers: it takes no part where endpoints change. */
    @Override
    public Optional<Running.EndpointSwitch> endpointSwitch(Assignment assignment) {
        return Optional.empty();
    }

    String configuration(Assignment assignment) {
        String module = MODULES.stream().filter(Files::exists).findFirst().map(path -> "load_module " + path + ";\n")
                .orElse("");
        String user = "root".equals(System.getProperty("user.name")) ? "user root;\n" : "";
        String log = assignment.accessLog()
                ? """
                          log_format line '$time_iso8601 $remote_addr:$remote_port -> $server_addr:$server_port -> $upstream_addr status=$status up=$bytes_received down=$bytes_sent connect=$upstream_connect_time duration=$session_time';
                          access_log %s line buffer=64k flush=1s;
                        """
                        .formatted(assignment.accessLogFile())
                : "  access_log off;\n";
        String services = assignment.services().stream().map(this::server).collect(Collectors.joining());
        return """
                %s%sdaemon off;
                worker_processes %d;
                pid nginx.pid;
                error_log error.log warn;
                events {
                  use epoll;
                  worker_connections %d;
                  multi_accept on;
                }
                stream {
                %s  proxy_connect_timeout 5s;
                  proxy_timeout 1h;
                %s%s}
                """.formatted(module, user, workers, workerConnections(assignment), log,
                buffers == Buffers.LARGE ? "  proxy_buffer_size 256k;\n" : "", services);
    }

    /** A flow has two of them and one descriptor; a connection has two of each. */
    private static int workerConnections(Assignment assignment) {
        return assignment.services().stream().anyMatch(service -> service.kind().udp()) ? 39_800 : 19_900;
    }

    /** A listening socket per worker spreads connections evenly over two of them. */
    private String server(Service service) {
        String endpoints = Stream
                .concat(service.endpoints().stream(), service.spare().stream().map(endpoint -> endpoint + " down"))
                .map(endpoint -> "    server " + endpoint + ";\n").collect(Collectors.joining());
        String options = (service.kind().udp() ? " udp rcvbuf=1m" : " backlog=8192")
                + (workers > 1 ? " reuseport" : "");
        String flows = service.kind().flows().map(Nginx::flows).orElse("");
        return """
                  upstream %1$s {
                %2$s  }
                  server {
                    listen %3$s%4$s;
                %5$s    proxy_pass %1$s;
                  }
                """.formatted(service.name(), endpoints, service.listen(), options, flows);
    }

    private static String flows(EndpointKind.Flows flows) {
        return "    proxy_timeout " + flows.idleSeconds() + "s;\n"
                + (flows.responses() > 0 ? "    proxy_responses " + flows.responses() + ";\n" : "");
    }
}
