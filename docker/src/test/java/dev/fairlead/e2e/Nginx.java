package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A real nginx that answers its own name, with a directory of its own. It can be ended like a pod (SIGQUIT), be killed
 * like a node (SIGKILL), and come back at the same address.
 */
final class Nginx implements AutoCloseable {
    /**
     * Bytes of {@code /slow}; nginx sends the first part at once, so it takes a second less than {@link #SLOW_SECONDS}.
     */
    static final int SLOW_BYTES = 600_000;
    static final int SLOW_SECONDS = 4;
    static final int PORT = 8080;

    private final Path prefix;
    private final String name;
    private final String ip;
    private Process process;

    private Nginx(Path prefix, String name, String ip, Process process) {
        this.prefix = prefix;
        this.name = name;
        this.ip = ip;
        this.process = process;
    }

    /** Starts one; returns when it takes connections. */
    static Nginx start(Path directory, String name) throws IOException {
        Path prefix = Files.createDirectories(directory.resolve(name));
        String ip = Addresses.next();
        Files.write(prefix.resolve("slow"), new byte[SLOW_BYTES]);
        Files.writeString(prefix.resolve("nginx.conf"), """
                %s
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                events { worker_connections 4096; multi_accept on; }
                http {
                  access_log off;
                  keepalive_timeout 0;
                  client_body_temp_path body;
                  proxy_temp_path proxy;
                  fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi;
                  scgi_temp_path scgi;
                  default_type text/plain;
                  add_header X-Endpoint %s always;
                  server {
                    listen %s:%d backlog=4096;
                    location = / { return 200 "%s\\n"; }
                    location = /slow { root %s; limit_rate %d; }
                  }
                }
                """.formatted("root".equals(System.getProperty("user.name")) ? "user root;" : "", name, ip, PORT, name,
                prefix, SLOW_BYTES / SLOW_SECONDS));
        Nginx nginx = new Nginx(prefix, name, ip, launch(prefix));
        nginx.awaitListening();
        return nginx;
    }

    String ip() {
        return ip;
    }

    /** As in the access log: {@code 127.31.7.12:8080}. */
    String address() {
        return ip + ":" + PORT;
    }

    /** Starts it again at the same address, after it ended. */
    void startAgain() throws IOException {
        assertThat(process.isAlive()).isFalse();
        process = launch(prefix);
        awaitListening();
    }

    /** SIGQUIT: listens no more, finishes what it has, ends. Returns when it has ended. */
    void quit() throws IOException, InterruptedException {
        Signal.QUIT.to(process.pid());
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("%s ended after SIGQUIT", name).isTrue();
    }

    /** SIGKILL to all of its processes at once. */
    void kill() throws IOException, InterruptedException {
        long[] all = LongStream
                .concat(LongStream.of(process.pid()), process.descendants().mapToLong(ProcessHandle::pid)).toArray();
        Signal.KILL.to(all);
        process.waitFor();
        await().until(() -> LongStream.of(all).noneMatch(pid -> ProcessHandle.of(pid).isPresent()));
    }

    @Override
    public void close() {
        Stream<ProcessHandle> all = Stream.concat(Stream.of(process.toHandle()), process.descendants());
        all.toList().forEach(ProcessHandle::destroyForcibly);
    }

    private void awaitListening() {
        await("nginx " + name).atMost(Duration.ofSeconds(10)).until(() -> {
            assertThat(process.isAlive()).as("nginx %s runs, see %s", name, prefix.resolve("error.log")).isTrue();
            try (Socket probe = new Socket()) {
                probe.connect(Addresses.socket(address()), 1000);
                return true;
            } catch (IOException notYet) {
                return false;
            }
        });
    }

    private static Process launch(Path prefix) throws IOException {
        return new ProcessBuilder(Requires.nginx().toString(), "-p", prefix.toString(), "-c",
                prefix.resolve("nginx.conf").toString(), "-e", prefix.resolve("error.log").toString())
                .redirectErrorStream(true).redirectOutput(prefix.resolve("output").toFile()).start();
    }
}
