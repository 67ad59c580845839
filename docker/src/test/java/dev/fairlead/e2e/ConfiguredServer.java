package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real nginx or HAProxy with any configuration, in a directory of its own. */
final class ConfiguredServer implements AutoCloseable {
    private static final Path STREAM_MODULE = Path.of("/usr/lib/nginx/modules/ngx_stream_module.so");

    private final Process process;

    private ConfiguredServer(Process process) {
        this.process = process;
    }

    /**
     * Starts an nginx and returns when it takes connections.
     *
     * @param blocks {@code http} and {@code stream} blocks
     * @param listening where it then does
     */
    static ConfiguredServer nginx(Path directory, String blocks, String... listening) throws IOException {
        return nginx(List.of(), directory, blocks, listening);
    }

    /** @param before a command in front of it, such as one that enters a network namespace */
    static ConfiguredServer nginx(List<String> before, Path directory, String blocks, String... listening)
            throws IOException {
        Path own = Files.createTempDirectory(directory, "nginx");
        Path file = Files.writeString(own.resolve("nginx.conf"), """
                %s%s
                daemon off;
                worker_processes 1;
                pid nginx.pid;
                events { worker_connections 1024; }
                %s
                """.formatted(Files.exists(STREAM_MODULE) ? "load_module " + STREAM_MODULE + ";\n" : "",
                "root".equals(System.getProperty("user.name")) ? "user root;" : "", blocks));
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(Requires.nginx().toString(), "-p", own.toString(), "-c", file.toString(), "-e",
                own.resolve("error.log").toString()));
        return start(own, command, listening);
    }

    /**
     * Starts a HAProxy and returns when it takes connections.
     *
     * @param sections what comes behind {@code defaults}
     * @param listening where it then does
     */
    static ConfiguredServer haproxy(Path directory, String sections, String... listening) throws IOException {
        Path own = Files.createTempDirectory(directory, "haproxy");
        Path file = Files.writeString(own.resolve("haproxy.cfg"), """
                defaults
                  timeout connect 5s
                  timeout client 10s
                  timeout server 10s
                %s
                """.formatted(sections));
        return start(own, List.of(Requires.haproxy().toString(), "-db", "-f", file.toString()), listening);
    }

    private static ConfiguredServer start(Path directory, List<String> command, String... listening)
            throws IOException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())
                .start();
        ConfiguredServer server = new ConfiguredServer(process);
        try {
            for (String address : listening) {
                await(command.getFirst() + " at " + address).atMost(Duration.ofSeconds(10)).until(() -> {
                    assertThat(process.isAlive()).as("it runs; it said: %s", Files.readString(output)).isTrue();
                    return listens(address);
                });
            }
        } catch (RuntimeException | Error notReady) {
            server.close();
            throw notReady;
        }
        return server;
    }

    private static boolean listens(String address) {
        try (Socket probe = new Socket()) {
            probe.connect(Addresses.socket(address), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList()
                .forEach(ProcessHandle::destroyForcibly);
    }
}
