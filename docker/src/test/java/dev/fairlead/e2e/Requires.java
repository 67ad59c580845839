package dev.fairlead.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** What a test needs of the machine. Where it is missing the test is skipped, and the summary says why. */
public final class Requires {
    private Requires() {
    }

    /** {@code /proc}, signals, and all of 127.0.0.0/8 as local addresses. */
    static void linux() {
        assumeTrue(System.getProperty("os.name").equals("Linux"),
                "needs Linux: /proc and every address of 127.0.0.0/8");
    }

    public static Path nginx() {
        return command("nginx");
    }

    static Path haproxy() {
        return command("haproxy");
    }

    static Path curl() {
        return command("curl");
    }

    static Path redisServer() {
        return command("redis-server");
    }

    static Path redisCli() {
        return command("redis-cli");
    }

    static Path dig() {
        return command("dig");
    }

    static Path dnsmasq() {
        return command("dnsmasq");
    }

    static Path iperf() {
        return command("iperf3");
    }

    /** Network namespaces of one's own, which only root may make here. */
    public static void namespaces() {
        command("ip");
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to make network namespaces");
    }

    /** The path of a command that must be installed. */
    public static Path command(String name) {
        linux();
        Optional<Path> found = Stream
                .concat(Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1)),
                        Stream.of("/usr/sbin", "/sbin"))
                .filter(directory -> !directory.isEmpty()).map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable).findFirst();
        assumeTrue(found.isPresent(), "needs the command " + name + ", which is not installed");
        return found.orElseThrow();
    }
}
