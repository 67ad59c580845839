package dev.fairlead.e2e.cluster;

import dev.fairlead.e2e.FairleadProcess;
import dev.fairlead.e2e.Requires;
import dev.fairlead.model.IpFamily;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The same network once more, without Fairlead: its nodes have the kernel's own rules, as kube-proxy's iptables mode
 * would write them, printed by {@code fairlead explain -o iptables}.
 */
final class TwinCluster implements Closeable {
    private final Network network;
    private final List<PodServer> servers = new ArrayList<>();

    private TwinCluster(Network network) {
        this.network = network;
    }

    /** Without rules and servers. */
    static TwinCluster open(String prefix) throws IOException {
        return new TwinCluster(Network.open(prefix));
    }

    Network network() {
        return network;
    }

    /** Starts the twins of these: at the same ports of hosts of the same names. */
    void serve(Endpoint... endpoints) throws IOException {
        for (Endpoint endpoint : endpoints) {
            servers.add(PodServer.start(network.host(endpoint.host().name()), endpoint.port(), endpoint.name()));
        }
    }

    /** Gives every node the rules for what its twin follows. */
    void load(Cluster twin, Path directory) throws IOException {
        List<Process> printers = new ArrayList<>();
        List<Path> rules = new ArrayList<>();
        for (int node = 0; node < Network.NODES; node++) {
            for (IpFamily family : IpFamily.values()) {
                Path file = directory.resolve("rules-" + node + "-" + family);
                rules.add(file);
                printers.add(new ProcessBuilder(FairleadProcess.command("explain", "-f", twin.input(node).toString(),
                        "-o", "iptables", "--family", family.toString().toLowerCase(Locale.ROOT)))
                        .redirectOutput(file.toFile()).redirectError(said(file).toFile()).start());
            }
        }
        for (int node = 0; node < Network.NODES; node++) {
            for (IpFamily family : IpFamily.values()) {
                int index = node * IpFamily.values().length + family.ordinal();
                Path said = said(rules.get(index));
                ended(printers.get(index), said);
                ProcessBuilder restore = new ProcessBuilder(Requires
                        .command(family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore").toString())
                        .redirectInput(rules.get(index).toFile()).redirectOutput(said.toFile())
                        .redirectErrorStream(true);
                ended(network.node(node).namespace().call(restore::start), said);
            }
        }
    }

    /** Where a command about these rules complains. */
    private static Path said(Path rules) {
        return rules.resolveSibling(rules.getFileName() + ".said");
    }

    private static void ended(Process process, Path said) throws IOException {
        try {
            if (process.waitFor() != 0) {
                throw new IOException(process.info().commandLine() + " failed: " + Files.readString(said));
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", hurried);
        }
    }

    @Override
    public void close() throws IOException {
        for (PodServer server : servers) {
            server.close();
        }
        network.close();
    }
}
