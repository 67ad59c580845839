package dev.fairlead.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.fairlead.e2e.Addresses;
import dev.fairlead.e2e.Requires;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real nginx in a pod, which answers what {@link PodServer} does over HTTP. Closing it kills it, as a node that dies.
 */
final class Nginx implements Closeable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;

    private Nginx(Process process) {
        this.process = process;
    }

    /** Returns when it answers. */
    static Nginx start(Path directory, Host host, int port, String name) throws IOException {
        Path prefix = Files.createTempDirectory(directory, "nginx");
        Files.writeString(prefix.resolve("nginx.conf"), """
                user root;
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                events { worker_connections 512; }
                http {
                  access_log off;
                  keepalive_timeout 0;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  default_type text/plain;
                  server {
                    listen %s:%d;
                    listen [%s]:%d;
                    location = /hostname { return 200 "%s"; }
                    location = /clientip { return 200 "$remote_addr"; }
                  }
                }
                """.formatted(host.ipv4(), port, host.ipv6(), port, name));
        ProcessBuilder builder = new ProcessBuilder(List.of(Requires.nginx().toString(), "-p", prefix.toString(), "-c",
                prefix.resolve("nginx.conf").toString(), "-e", prefix.resolve("error.log").toString()))
                .redirectErrorStream(true).redirectOutput(prefix.resolve("output").toFile());
        Nginx nginx = new Nginx(host.namespace().call(builder::start));
        String address = Addresses.at(host.ip(IpFamily.IPV4), port);
        await("nginx at " + address).atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> new Client(host).ask(Protocol.TCP, address, "hostname").equals(name));
        return nginx;
    }

    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        await("nginx is gone").atMost(PATIENCE).pollInterval(Duration.ofMillis(20))
                .until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }
}
