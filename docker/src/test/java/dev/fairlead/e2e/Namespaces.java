package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A node with two pods, each a network namespace of its own: the pods reach each other through the node, and no address
 * is translated on the way. Made anew, and removed when closed.
 */
final class Namespaces implements AutoCloseable {
    static final String CLIENT = "client";
    static final String NODE = "node";
    static final String POD = "pod";

    private static final long PATIENCE_SECONDS = 30;
    private static final List<String> ALL = List.of(CLIENT, NODE, POD);

    /** What a command said and how it ended. */
    record Said(int status, String out) {
    }

    private final String prefix = "fairlead-" + ProcessHandle.current().pid() + "-";

    private Namespaces() {
    }

    /** @param vips addresses that are to be the node's, of either family */
    static Namespaces create(List<String> vips) throws IOException {
        Path ip = Requires.command("ip");
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to make network namespaces");
        Namespaces made = new Namespaces();
        Said first = run(List.of(ip.toString(), "netns", "add", made.name(NODE)));
        assumeTrue(first.status() == 0, "needs network namespaces, which the kernel refuses: " + first.out());
        try {
            made.build(vips);
        } catch (IOException | RuntimeException | Error failure) {
            made.close();
            throw failure;
        }
        return made;
    }

    private void build(List<String> vips) throws IOException {
        must("ip", "netns", "add", name(CLIENT));
        must("ip", "netns", "add", name(POD));
        for (String one : ALL) {
            must("ip", "-n", name(one), "link", "set", "lo", "up");
        }
        must(in(NODE, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
                "net.ipv4.conf.all.rp_filter=1")); // as strict about where packets come from as any node
        for (String pod : List.of(CLIENT, POD)) {
            must("ip", "-n", name(NODE), "link", "add", pod, "type", "veth", "peer", "name", "eth0", "netns",
                    name(pod));
            for (Family family : Family.values()) {
                String length = family == Family.IPV4 ? "/24" : "/64";
                must(address(NODE, gateway(family, pod) + length, pod));
                must(address(pod, address(family, pod) + length, "eth0"));
            }
            must("ip", "-n", name(NODE), "link", "set", pod, "up");
            must("ip", "-n", name(pod), "link", "set", "eth0", "up");
            for (Family family : Family.values()) {
                must("ip", "-n", name(pod), "route", "add", "default", "via", gateway(family, pod));
            }
        }
        for (String vip : vips) {
            must(address(NODE, vip, "lo"));
        }
    }

    private String[] address(String where, String address, String device) {
        List<String> words = new ArrayList<>(List.of("ip", "-n", name(where), "addr", "add", address, "dev", device));
        if (address.contains(":")) {
            words.add("nodad"); // usable at once
        }
        return words.toArray(String[]::new);
    }

    private String name(String which) {
        return prefix + which;
    }

    /** A pod's address. */
    static String address(Family family, String pod) {
        return network(family, pod) + "2";
    }

    /** The node's address in a pod's network. */
    static String gateway(Family family, String pod) {
        return network(family, pod) + "1";
    }

    private static String network(Family family, String pod) {
        int number = pod.equals(CLIENT) ? 1 : 2;
        return family == Family.IPV4 ? "10.244." + number + "." : "fd00:244:" + number + "::";
    }

    /** The words that run a command there. */
    List<String> enter(String which) {
        return List.of("ip", "netns", "exec", name(which));
    }

    private String[] in(String which, String... command) {
        return Stream.concat(enter(which).stream(), Stream.of(command)).toArray(String[]::new);
    }

    /** Runs a command there to its end. */
    Said run(String which, String... command) throws IOException {
        return run(List.of(in(which, command)));
    }

    private static void must(String... command) throws IOException {
        Said said = run(List.of(command));
        assertThat(said.status()).as("%s: %s", String.join(" ", command), said.out()).isZero();
    }

    private static Said run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (own, more) -> own + ":" + more);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
            return new Said(process.exitValue(), out.strip());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + command, interrupted);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        for (String one : ALL) {
            run(List.of("ip", "netns", "del", name(one)));
        }
    }
}
